import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import WebSocket from 'ws'
import { startServer } from '../../support/localhost-server'
import type { StartHost, TestHost } from './host'

/** Over HTTP and WebSocket, as a browser does. */
export const startLocalhost: StartHost = async userFolder => {
  const server = await startServer(userFolder)
  const headers = { Cookie: await server.enter(), Origin: server.origin }
  const websocket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers })
  await new Promise((resolve, reject) => websocket.once('open', resolve).once('error', reject))
  const link = new RPCLink({ websocket: websocket as unknown as globalThis.WebSocket })
  return {
    kind: 'localhost',
    client: createORPCClient(link) as TestHost['client'],
    async get(path) {
      const response = await fetch(server.origin + path, { headers: { Cookie: headers.Cookie } })
      const body = new Uint8Array(await response.arrayBuffer())
      return { status: response.status, contentType: response.headers.get('content-type') ?? '', body }
    },
    async close() {
      websocket.terminate()
      await server.close()
    }
  }
}
