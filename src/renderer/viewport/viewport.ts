import type { Overlay } from './activation-overlay'
import { createCanvasRenderer } from './canvas-renderer'
import type { Display, WindowVoi } from './display-lut'
import type { Film, FilmRenderer, Scene } from './renderer'
import {
  fitView,
  flipView,
  frameOf,
  initialView,
  panView,
  resizeView,
  rotateView,
  toFilm,
  zoomView,
  type Frame,
  type View
} from './view-transform'
import { createWebglRenderer, hasGraphicsCard } from './webgl-renderer'
import { asWindow, dragWindow, initialPreset, presetVoi, type WindowPreset } from './windows'

/** What a screen can show of a viewport; a new object after every change. */
export interface ViewportState {
  film: Film | null
  view: View
  frame: Frame
  display: Display | null
  /** The preset that the window stands at, or null after dragging. */
  preset: WindowPreset | null
  /** Which of the file's own transforms 'as-sent' shows. */
  sentIndex: number
  overlay: Overlay | null
  /** Enlarged film pixels are shown as squares. */
  nearest: boolean
  renderer: FilmRenderer['kind']
}

/** One pixel of a film. */
export interface Probe {
  column: number
  row: number
  /** As the file stores it; null where that is not known any more. */
  stored: number | null
  /** Modality value. */
  value: number
}

export interface ViewportOptions {
  /** By default WebGL2 where a graphics card does it, else the canvas. */
  renderer?: FilmRenderer['kind']
  /** Longest side of one texture; the device's own limit by default. */
  largestTexture?: number
  /** Called once the current film has been drawn for the first time. */
  onShown?: (film: Film) => void
}

/**
 * One film on one canvas: the state of its view and window, and the drawing of it, at most once per display frame and
 * only after a change. Distances and places are in device pixels of the canvas unless said otherwise.
 */
export class Viewport {
  #state: ViewportState
  #renderer: FilmRenderer
  #listeners = new Set<(state: ViewportState) => void>()
  #pending = 0
  #shown: Film | null = null
  readonly #options: ViewportOptions

  constructor(canvas: HTMLCanvasElement, options: ViewportOptions = {}) {
    this.#options = options
    const kind = options.renderer ?? (hasGraphicsCard() ? 'webgl2' : 'canvas')
    const { largestTexture } = options
    const webgl =
      kind === 'webgl2' && createWebglRenderer(canvas, { largestTexture, onRestored: () => this.#schedule() })
    this.#renderer = webgl || createCanvasRenderer(canvas)
    const frame = { width: canvas.width, height: canvas.height, columns: 1, rows: 1, aspect: 1 }
    this.#state = {
      film: null,
      view: initialView(frame),
      frame,
      display: null,
      preset: null,
      sentIndex: 0,
      overlay: null,
      nearest: false,
      renderer: this.#renderer.kind
    }
  }

  get state(): ViewportState {
    return this.#state
  }

  /** Calls `listener` after every change, and now. */
  subscribe(listener: (state: ViewportState) => void): () => void {
    this.#listeners.add(listener)
    listener(this.#state)
    return () => this.#listeners.delete(listener)
  }

  #change(part: Partial<ViewportState>): void {
    this.#state = { ...this.#state, ...part }
    for (const listener of this.#listeners) listener(this.#state)
    this.#schedule()
  }

  #schedule(): void {
    this.#pending ||= requestAnimationFrame(() => this.drawNow())
  }

  /** Draws the present state at once instead of before the next display frame. */
  drawNow(): void {
    cancelAnimationFrame(this.#pending)
    this.#pending = 0
    const { film, display, view, frame, overlay, nearest } = this.#state
    const scene: Scene | null = film && display && { film, display, view, frame, overlay, nearest }
    this.#renderer.draw(frame.width > 0 && frame.height > 0 ? scene : null)
    if (scene && film !== this.#shown) this.#options.onShown?.(film!)
    this.#shown = film
  }

  /** Shows a film whole, with the file's own window or else the automatic one; null leaves the canvas dark. */
  setFilm(film: Film | null): void {
    if (film === this.#state.film) return
    if (!film) {
      this.#change({ film: null, display: null, overlay: null, preset: null })
      return
    }
    this.#change({ film, ...this.#opening(film), sentIndex: 0 })
  }

  /** What a film is first shown with. */
  #opening(film: Film) {
    const frame = frameOf(film, this.#state.frame.width, this.#state.frame.height)
    const preset = initialPreset(film.header)
    return {
      frame,
      view: initialView(frame),
      preset,
      overlay: null,
      display: { voi: presetVoi(preset, film.header, film.range), inverted: false }
    }
  }

  /** Does ahead what showing `film` will need. */
  prepare(film: Film): void {
    const { frame, view, display, overlay } = this.#opening(film)
    const { nearest } = this.#state
    if (frame.width > 0 && frame.height > 0)
      this.#renderer.prepare({ film, frame, view, display, overlay, nearest })
  }

  resize(width: number, height: number): void {
    const { frame, view } = this.#state
    if (frame.width === width && frame.height === height) return
    const resized = { ...frame, width, height }
    this.#change({ frame: resized, view: resizeView(view, resized) })
  }

  setOverlay(overlay: Overlay | null): void {
    if (overlay !== this.#state.overlay) this.#change({ overlay })
  }

  /** Takes over a view, or a window with all that belongs to it, worked out from another film or viewport. */
  adopt(part: Partial<Pick<ViewportState, 'view' | 'display' | 'preset' | 'sentIndex'>>): void {
    if (this.#state.film) this.#change(part)
  }

  #setView(change: (view: View, frame: Frame) => View): void {
    if (this.#state.film) this.#change({ view: change(this.#state.view, this.#state.frame) })
  }

  fit(): void {
    this.#setView(fitView)
  }

  /** One film pixel per device pixel, about a canvas point (its middle by default). */
  oneToOne(x = this.#state.frame.width / 2, y = this.#state.frame.height / 2): void {
    this.#setView((view, frame) => zoomView(view, frame, 1, x, y))
  }

  /** Multiplies the zoom, keeping the film under canvas point (x, y) where it is. */
  zoomBy(factor: number, x = this.#state.frame.width / 2, y = this.#state.frame.height / 2): void {
    this.#setView((view, frame) => zoomView(view, frame, view.zoom * factor, x, y))
  }

  panBy(dx: number, dy: number): void {
    this.#setView((view, frame) => panView(view, frame, dx, dy))
  }

  rotate(): void {
    this.#setView(rotateView)
  }

  flip(): void {
    this.#setView(flipView)
  }

  /** Between smooth and square film pixels above 1:1; stays for the films that follow. */
  toggleNearest(): void {
    this.#change({ nearest: !this.#state.nearest })
  }

  /** The file's transform number `index`. */
  showSent(index: number): void {
    const { film, display } = this.#state
    if (!film || !display) return
    const voi = presetVoi('as-sent', film.header, film.range, index)
    this.#change({ preset: 'as-sent', sentIndex: index, display: { ...display, voi } })
  }

  /** A preset; 'as-sent' asked for again goes on to the file's next transform. */
  setPreset(preset: WindowPreset): void {
    const { film, display } = this.#state
    if (!film || !display) return
    const again = preset === 'as-sent' && this.#state.preset === 'as-sent'
    const sentIndex = again ? (this.#state.sentIndex + 1) % Math.max(1, film.header.voi.length) : 0
    if (preset === 'as-sent') return this.showSent(sentIndex)
    const voi = presetVoi(preset, film.header, film.range)
    this.#change({ preset, sentIndex, display: { ...display, voi } })
  }

  invert(): void {
    const { display } = this.#state
    if (display) this.#change({ display: { ...display, inverted: !display.inverted } })
  }

  /** The window that a drag starts from; null while no film is shown. */
  get window(): WindowVoi | null {
    return this.#state.display && asWindow(this.#state.display.voi)
  }

  /** Sets the window to `start` dragged by a distance in CSS pixels. */
  dragWindow(start: WindowVoi, dx: number, dy: number): void {
    const { film, display } = this.#state
    if (!film || !display) return
    const turned = film.header.inverted !== display.inverted
    this.#change({ preset: null, display: { ...display, voi: dragWindow(start, dx, dy, turned) } })
  }

  /** View, window and overlay as when the film was opened. */
  reset(): void {
    const { film } = this.#state
    if (!film) return
    const preset = initialPreset(film.header)
    this.#change({
      view: initialView(this.#state.frame),
      preset,
      sentIndex: 0,
      display: { voi: presetVoi(preset, film.header, film.range), inverted: false }
    })
  }

  /** The film pixel under a canvas point; null outside the film. */
  probe(x: number, y: number): Probe | null {
    const { film, view, frame } = this.#state
    if (!film) return null
    const { u, v } = toFilm(view, frame, x, y)
    const column = Math.floor(u)
    const row = Math.floor(v)
    const { columns, rows, slope, intercept, storedOffset } = film.header
    if (column < 0 || row < 0 || column >= columns || row >= rows) return null
    const kept = film.values[row * columns + column]!
    const stored = storedOffset === null ? null : kept + storedOffset
    return { column, row, stored, value: kept * slope + intercept }
  }

  dispose(): void {
    cancelAnimationFrame(this.#pending)
    this.#listeners.clear()
    this.#renderer.dispose()
  }
}
