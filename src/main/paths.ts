import { app } from 'electron'
import { resolve } from 'node:path'

/** This file is built to out/main/index.cjs; native parts and the worker are unpacked beside the archive. */
const out = resolve(__dirname, '..')
const unpacked = (path: string) => path.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked')

export const paths = {
  preload: resolve(out, 'preload', 'index.cjs'),
  screens: resolve(out, 'renderer'),
  worker: unpacked(resolve(out, 'main', 'worker.cjs')),
  resources: app.isPackaged ? resolve(process.resourcesPath, 'resources') : resolve(out, '..', 'resources')
}
