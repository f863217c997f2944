/**
 * Address of a binary resource of the host: `/pixels/{filmId}` or `/thumbnails/{filmId}`. Same origin in either host:
 * HTTP in the browser, the app's own protocol in Electron.
 */
export function resourceUrl(path: `/pixels/${string}` | `/thumbnails/${string}`): string {
  return new URL(path, window.location.href).href
}
