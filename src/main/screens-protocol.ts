import { protocol } from 'electron'
import { Readable } from 'node:stream'
import type { Core } from '../core/create-core'

/** The page's origin; a custom scheme, so that no port is opened and no file: URL gets a say. */
export const APP_ORIGIN = 'neogate://app'

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'neogate', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }
  ])
}

/** Screens, pixels and thumbnails, by the same paths as in the browser mode. */
export function serveScreens(core: Core): void {
  protocol.handle('neogate', async request => {
    const { host, pathname } = new URL(request.url)
    if (host !== 'app') return new Response('Not found', { status: 404 })
    if (request.method !== 'GET') return new Response('Only GET', { status: 405 })
    const { status, headers, body } = await core.get(pathname, request.signal)
    return new Response(body instanceof Uint8Array ? body : Readable.toWeb(body), { status, headers })
  })
}

/** In Node, `new URL('neogate://app').origin` is 'null', so prefixes are compared. */
export function isAppUrl(url: string): boolean {
  return url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`)
}
