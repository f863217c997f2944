import { RPCHandler } from '@orpc/server/ws'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { SECURITY_HEADERS, type Core, type WebAnswer } from '../core/create-core'
import { refusal } from './request-guard'
import { createBrowserSessions } from './session'

export interface BrowserMode {
  port: number
  /** The address to open, holding a fresh one-time token. */
  freshAddress(): string
  /** Ends every connection and stops listening. The core is left to its owner. */
  close(): Promise<void>
}

/** Larger messages than any call needs are refused before they are read. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024

/**
 * The browser mode: screens, films and calls over one port of the loopback interface.
 * @param port 0 takes a free one
 * @throws NodeJS.ErrnoException EADDRINUSE
 */
export async function serveLocalhost(core: Core, port: number): Promise<BrowserMode> {
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
  const bound = (server.address() as AddressInfo).port
  const sessions = createBrowserSessions(`neogate_${bound}`)
  const rpc = new RPCHandler(core.router)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusal(request, bound, request.method !== 'GET')
    if (refused) return plain(response, 403, refused)
    if (request.method !== 'GET') return plain(response, 405, 'Only GET')
    // request.url is a path here: anything else would have failed the Host check.
    const [path = '/', search = ''] = (request.url ?? '/').split('?', 2)
    if (path === '/enter') {
      const cookie = sessions.enter(new URLSearchParams(search).get('token') ?? '')
      if (!cookie) return plain(response, 403, USED_TOKEN)
      response.writeHead(303, {
        ...SECURITY_HEADERS,
        Location: '/',
        'Set-Cookie': cookie,
        'Cache-Control': 'no-store'
      })
      response.end()
      return
    }
    if (!sessions.admits(request)) return plain(response, 401, NO_SESSION)
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    send(response, await core.get(path, gone.signal))
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refused =
      refusal(request, bound, true) ??
      (request.url === '/rpc' ? null : 'Unknown path') ??
      (sessions.admits(request) ? null : 'No session')
    if (refused) {
      socket.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n${refused}`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (websocket: WebSocket) => {
      // A broken connection surfaces as 'close', which ends its calls; there is nothing to add here.
      websocket.on('error', () => {})
      void rpc.upgrade(websocket)
    })
  })

  return {
    port: bound,
    freshAddress: () => `http://127.0.0.1:${bound}/enter?token=${sessions.freshToken()}`,
    close: () =>
      new Promise(resolve => {
        for (const websocket of sockets.clients) websocket.terminate()
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

const NO_SESSION =
  'NeoGate: this browser has no session. Open the address that "neogate serve" printed in the terminal.'
const USED_TOKEN =
  'NeoGate: this address was used before or is not the newest. Press Enter in the terminal for a fresh one.'

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store'
  })
  response.end(text)
}

function send(response: ServerResponse, { status, headers, body }: WebAnswer): void {
  response.writeHead(status, headers)
  if (body instanceof Uint8Array) response.end(body)
  else body.on('error', () => response.destroy()).pipe(response)
}
