import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findTestRuntime, TEST_RUNTIME_VERSION } from '../offline-electron/setup.mjs'

const root = resolve(import.meta.dirname, '..', '..')
const electronFolder = join(root, 'node_modules', 'electron')
const INSTALLER_LIMIT_MS = 5 * 60_000

/**
 * The shell that shows the screens, first found first taken:
 * ELECTRON_EXEC_PATH; ELECTRON_OVERRIDE_DIST_PATH; the binary in node_modules/electron; the offline test runtime where
 * the test line has set it up; what Electron's own installer fetches, tried once per version; else the browser mode.
 * @returns {{ kind: 'electron', executable: string, from: string } | { kind: 'browser', reason: string }}
 */
export function resolveShell({ env = process.env, say, install = runInstaller } = {}) {
  const given = env.ELECTRON_EXEC_PATH
  if (given) {
    if (!existsSync(given)) throw new Error(`ELECTRON_EXEC_PATH names no file: ${given}`)
    return { kind: 'electron', executable: given, from: 'ELECTRON_EXEC_PATH' }
  }
  if (!hasDisplay(env)) return { kind: 'browser', reason: 'there is no display here' }
  const dist = env.ELECTRON_OVERRIDE_DIST_PATH
  if (dist) {
    const executable = join(dist, executableName())
    if (!existsSync(executable))
      throw new Error(`ELECTRON_OVERRIDE_DIST_PATH holds no ${executableName()}: ${dist}`)
    return { kind: 'electron', executable, from: 'ELECTRON_OVERRIDE_DIST_PATH' }
  }
  const own = installedElectron()
  if (own) return { kind: 'electron', executable: own, from: `Electron ${electronVersion()}` }
  const test = findTestRuntime()
  if (test) {
    return {
      kind: 'electron',
      executable: test,
      from: `the offline TEST runtime (Electron ${TEST_RUNTIME_VERSION}, old: not for real work)`
    }
  }
  const installed = install(say) ? installedElectron() : null
  if (installed)
    return { kind: 'electron', executable: installed, from: `Electron ${electronVersion()}, fetched now` }
  return { kind: 'browser', reason: 'Electron’s binary is not installed and could not be fetched' }
}

export function hasDisplay(env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

function executableName() {
  if (process.platform === 'win32') return 'electron.exe'
  return process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron'
}

function electronVersion() {
  return JSON.parse(readFileSync(join(electronFolder, 'package.json'), 'utf8')).version
}

function installedElectron() {
  const executable = join(electronFolder, 'dist', executableName())
  return existsSync(executable) ? executable : null
}

/** Once per version: where the download server cannot be reached, every start would wait for it again. */
function runInstaller(say) {
  const mark = join(root, '.cache', `electron-${electronVersion()}-not-fetched`)
  if (existsSync(mark)) {
    say?.('Electron’s binary could not be fetched before; "npx install-electron" tries again.')
    return false
  }
  say?.('Fetching Electron’s binary (once) ...')
  const { status } = spawnSync(process.execPath, [join(electronFolder, 'install.js')], {
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: INSTALLER_LIMIT_MS
  })
  if (status === 0) return true
  mkdirSync(join(root, '.cache'), { recursive: true })
  writeFileSync(mark, '')
  return false
}
