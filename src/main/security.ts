import { session, type WebContents } from 'electron'
import { isAppUrl } from './screens-protocol'

/** No permission is granted, no device is given, nothing is fetched from outside the app. */
export function hardenSession(): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  defaultSession.setPermissionCheckHandler(() => false)
  defaultSession.setDevicePermissionHandler(() => false)
  defaultSession.webRequest.onBeforeRequest((request, answer) => {
    const allowed = isAppUrl(request.url) || /^(devtools|blob|data):/.test(request.url)
    answer({ cancel: !allowed })
  })
}

/** The one page stays where it is: no navigation, no windows, no webviews. */
export function hardenWebContents(contents: WebContents): void {
  contents.on('will-navigate', (event, url) => {
    if (!isAppUrl(url)) event.preventDefault()
  })
  contents.on('will-attach-webview', event => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}
