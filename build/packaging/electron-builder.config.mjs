import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..', '..')
/** Electron to package, unpacked: the installed one, or (to try packaging offline) the one this variable names. */
const electronDist = process.env.NEOGATE_ELECTRON_DIST ?? resolve(root, 'node_modules', 'electron', 'dist')

if (!existsSync(electronDist)) {
  throw new Error(`No Electron in ${electronDist}: run "npx install-electron", or set NEOGATE_ELECTRON_DIST.`)
}

/** The build and what it needs; production dependencies come along by themselves. */
const FILES = ['out/**', 'package.json', 'LICENSE', 'NOTICE']

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'org.neogate.app',
  productName: 'NeoGate',
  copyright: 'The NeoGate authors, Apache-2.0. Research use only. Not for diagnosis.',
  electronDist,
  electronVersion: readFileSync(resolve(electronDist, 'version'), 'utf8').trim().replace(/^v/, ''),
  directories: { output: 'dist', buildResources: 'build/packaging' },
  npmRebuild: false,
  extraResources: [
    { from: 'resources', to: 'resources' },
    // What reports are set in; the screens have theirs in out/.
    {
      from: 'node_modules/pretendard/dist/public/static/alternative',
      to: 'resources/fonts',
      filter: ['Pretendard-Regular.ttf', 'Pretendard-SemiBold.ttf']
    },
    { from: 'node_modules/pretendard/dist/LICENSE.txt', to: 'resources/fonts/LICENSE.txt' }
  ],
  asar: true,
  // Children load the worker as a plain file, and native parts are no archive's business.
  asarUnpack: ['out/main/worker.cjs', 'out/main/chunks/**', 'node_modules/**'],
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true
  },
  linux: {
    target: ['dir'],
    category: 'Science',
    files: [...FILES, '!node_modules/onnxruntime-node/bin/napi-v6/{darwin,win32}/**']
  },
  mac: {
    target: ['dir'],
    category: 'public.app-category.medical',
    files: [...FILES, '!node_modules/onnxruntime-node/bin/napi-v6/{linux,win32}/**']
  },
  win: {
    target: ['dir'],
    files: [...FILES, '!node_modules/onnxruntime-node/bin/napi-v6/{linux,darwin}/**']
  }
}
