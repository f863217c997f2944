import type { PixelHeader } from '../../contract'
import type { Overlay } from './activation-overlay'
import type { Display } from './display-lut'
import type { Frame, View } from './view-transform'
import type { ValueRange } from './windows'

/** A film ready to be shown. */
export interface Film {
  id: string
  header: PixelHeader
  /** rows * columns stored values, row-major. */
  values: Uint16Array
  range: ValueRange
}

/** Everything that one picture depends on. */
export interface Scene {
  film: Film
  display: Display
  view: View
  frame: Frame
  overlay: Overlay | null
  /** Film pixels as squares where the film is enlarged, instead of interpolated. */
  nearest?: boolean
}

/** Draws scenes on one canvas. Each picture equals `renderReference`; between calls nothing moves. */
export interface FilmRenderer {
  readonly kind: 'webgl2' | 'canvas'
  /** Does ahead of time what drawing this scene will need. */
  prepare(scene: Scene): void
  /** @param scene null clears the canvas */
  draw(scene: Scene | null): void
  dispose(): void
}
