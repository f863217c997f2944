export { serveLocalhost, type BrowserMode } from './serve'
