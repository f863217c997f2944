import { enableSandbox, shell } from './compat'
import { app, BrowserWindow, dialog } from 'electron'
import { join } from 'node:path'
import { createCore, stderrLogger, userFolder, type Core } from '../core/create-core'
import { answerBridge } from './bridge'
import { installMenu } from './menu'
import { paths } from './paths'
import { registerScheme, serveScreens } from './screens-protocol'
import { hardenSession, hardenWebContents } from './security'
import { spawnUtilityChild } from './spawn-utility-child'
import { openWindow } from './window'

/** Start of the Electron window host: only what carries calls, windows and files between Chromium and the core. */
async function start(): Promise<void> {
  await app.whenReady()
  const core = await createCore({
    host: 'electron',
    shell,
    spawnChild: spawnUtilityChild(paths.worker),
    resourcesFolder: paths.resources,
    screensFolder: paths.screens,
    userFolder: userFolder(),
    logger: stderrLogger
  })
  closeBeforeQuit(core)
  hardenSession()
  serveScreens(core)
  answerBridge(core)
  installMenu()
  await openWindow()
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) void openWindow()
  })
}

/** Quitting waits for the core to drain and close the project; a second quit does not wait. */
function closeBeforeQuit(core: Core): void {
  let closing = false
  app.on('will-quit', event => {
    if (closing) return
    closing = true
    event.preventDefault()
    // Not within this event: Electron takes no second quit before it has seen that the first was put off.
    void core.close().finally(() => setImmediate(() => app.quit()))
  })
}

app.setPath('userData', join(userFolder(), 'window'))
if (!app.requestSingleInstanceLock()) app.quit()
else {
  enableSandbox()
  registerScheme()
  app.on('web-contents-created', (_event, contents) => hardenWebContents(contents))
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  start().catch((error: Error) => {
    dialog.showErrorBox('NeoGate could not start', error.message)
    app.exit(1)
  })
}
