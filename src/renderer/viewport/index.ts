export { default as FilmViewport } from './FilmViewport.vue'
export { Viewport } from './viewport'
export type { Probe, ViewportOptions, ViewportState } from './viewport'
export { FilmCache } from './film-cache'
export type { LoadPixels } from './film-cache'
export { createCanvasRenderer } from './canvas-renderer'
export type { Film } from './renderer'
export * from './measure'
export { filmFromCanvas, frameOf, magnifiedView, toCanvas, toFilm } from './view-transform'
export type { Frame, View } from './view-transform'
export { AGAINST_COLOUR, mapScale, TOWARDS_COLOUR } from './activation-overlay'
export type { Overlay } from './activation-overlay'
export { estimateRegistration } from './estimate-registration'
export type { Estimate } from './estimate-registration'
export { matchDisplay } from './match-display'
export {
  growRegistration,
  invertRegistration,
  pushRegistration,
  registeredView,
  wholeOnWhole
} from './registration'
export type { Registration } from './registration'
export { ViewportLink } from './viewport-link'
export { stillScene } from './still'
export { asWindow, WINDOW_PRESETS, windowBasis } from './windows'
export type { WindowPreset } from './windows'
