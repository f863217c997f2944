import type { IncomingMessage } from 'node:http'

/**
 * Why a request must not be served, or null. Host is checked against DNS rebinding, Origin against other pages: a
 * browser sends it with every WebSocket and every non-GET request, so there it must be present.
 */
export function refusal(request: IncomingMessage, port: number, originRequired: boolean): string | null {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  if (!hosts.includes(request.headers.host ?? '')) return 'Unknown host'
  const origin = request.headers.origin
  if (origin === undefined) return originRequired ? 'Origin missing' : null
  return origin === `http://${request.headers.host}` ? null : 'Foreign origin'
}
