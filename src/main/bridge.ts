import { RPCHandler } from '@orpc/server/message-port'
import {
  BrowserWindow,
  dialog,
  ipcMain,
  MessageChannelMain,
  type OpenDialogOptions,
  type WebFrameMain
} from 'electron'
import { z } from 'zod'
import { HOST_PORT_MESSAGE } from '../contract'
import type { Core } from '../core/create-core'
import { isAppUrl } from './screens-protocol'

/** What crosses from the page; anything else is refused. */
const fileFilter = z.object({
  name: z.string().max(80),
  extensions: z.array(z.string().regex(/^[a-z0-9]{1,8}$/i)).max(20)
})

/** Answers the channels of src/preload/index.ts, and only to the app's own top frame. */
export function answerBridge(core: Core): void {
  const rpc = new RPCHandler(core.router)

  ipcMain.on('neogate:connect', event => {
    const frame = trusted(event.senderFrame)
    const { port1, port2 } = new MessageChannelMain()
    rpc.upgrade(port2)
    port2.start()
    frame.postMessage(HOST_PORT_MESSAGE, null, [port1])
  })

  ipcMain.handle('neogate:pick-folder', event => {
    trusted(event.senderFrame)
    return pick(BrowserWindow.fromWebContents(event.sender), {
      properties: ['openDirectory', 'createDirectory']
    })
  })

  ipcMain.handle('neogate:pick-file', (event, filter: unknown) => {
    trusted(event.senderFrame)
    return pick(BrowserWindow.fromWebContents(event.sender), {
      properties: ['openFile'],
      filters: [fileFilter.parse(filter)]
    })
  })
}

async function pick(window: BrowserWindow | null, options: OpenDialogOptions): Promise<string | null> {
  const { filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options))
  return filePaths[0] ?? null
}

function trusted(frame: WebFrameMain | null): WebFrameMain {
  if (!frame || frame.parent || !isAppUrl(frame.url)) throw new Error('Refused: not the app’s own page.')
  return frame
}
