import { BrowserWindow } from 'electron'
import { userFolder } from '../core/create-core'
import { askBeforeClose } from './ask-before-close'
import { paths } from './paths'
import { APP_ORIGIN } from './screens-protocol'
import { keepWindowState, lastWindowState } from './window-state'

/** The surface token of the screens' dark look, so that nothing white shows before the first paint. */
const BACKGROUND = '#0b0e12'

export async function openWindow(): Promise<BrowserWindow> {
  const state = await lastWindowState(userFolder())
  const window = new BrowserWindow({
    ...state.bounds,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'NeoGate',
    backgroundColor: BACKGROUND,
    autoHideMenuBar: true,
    webPreferences: {
      preload: paths.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false
    }
  })
  if (state.maximised) window.maximize()
  keepWindowState(window, userFolder())
  window.once('ready-to-show', () => window.show())
  askBeforeClose(window)
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit' && !window.isDestroyed()) window.reload()
  })
  await window.loadURL(`${APP_ORIGIN}/`)
  return window
}
