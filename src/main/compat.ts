/**
 * The only place that knows of differences between the Electron that NeoGate is built for (package.json) and older ones
 * it must still run in: the offline test runtime is Electron 25 (Chromium 114, Node 18.15). Imported first.
 * What cannot be tested there is listed in docs/electron-manual-checks.md.
 */
import { File as BufferFile } from 'node:buffer'
import { webcrypto } from 'node:crypto'
import { app } from 'electron'

const PRODUCT_ELECTRON_MAJOR = 45

/** 'test' in the offline test runtime: never the shell that a user is given silently, so the screens show it. */
export const shell: 'product' | 'test' =
  Number(process.versions.electron.split('.')[0]) < PRODUCT_ELECTRON_MAJOR ? 'test' : 'product'

// Node 18 has both, but not as globals.
const globals = globalThis as { File?: unknown; crypto?: unknown }
globals.File ??= BufferFile
globals.crypto ??= webcrypto

/** app.enableSandbox() would override --no-sandbox, which Chromium demands of root (containers, test machines). */
export function enableSandbox(): void {
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
}
