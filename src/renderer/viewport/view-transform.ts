import type { PixelHeader } from '../../contract'

/**
 * Where a film lies on the canvas. Film coordinates count pixels from the film's top left corner, so that pixel (0, 0)
 * covers 0..1 and has its centre at 0.5; canvas coordinates count device pixels in the same way.
 */
export interface View {
  /** Film coordinates at the middle of the canvas. */
  centreX: number
  centreY: number
  /** Device pixels per film pixel along a row of the film; 1 is one to one. */
  zoom: number
  /** Quarter turns clockwise. */
  rotation: 0 | 1 | 2 | 3
  /** Radians clockwise beside the quarter turns; only a film laid on another has one. */
  tilt: number
  /** Mirrored left to right as seen on the screen, after turning. */
  flipped: boolean
  /** Keeps the whole film on the canvas when the canvas changes size. */
  fit: boolean
}

/** Canvas size in device pixels, film size in pixels; aspect is pixel height over pixel width (1 where square). */
export interface Frame {
  width: number
  height: number
  columns: number
  rows: number
  aspect: number
}

/** The frame of a film on a canvas; pixels are square unless the file's spacing says otherwise. */
export function frameOf(film: { header: PixelHeader }, width: number, height: number): Frame {
  const { columns, rows, spacing } = film.header
  const aspect = spacing && spacing.columnMm > 0 && spacing.rowMm > 0 ? spacing.rowMm / spacing.columnMm : 1
  return { width, height, columns, rows, aspect }
}

/** Film coordinates from canvas coordinates: u = a x + c y + e, v = b x + d y + f. One of a, c and one of b, d is 0 unless the film is tilted. */
export interface Affine {
  a: number
  b: number
  c: number
  d: number
  e: number
  f: number
}

export const MAX_ZOOM = 32

/** Canvas offset to film offset for unit zoom: undoes the mirror, then the turns. */
export function turnBack(
  view: Pick<View, 'rotation' | 'tilt' | 'flipped'>,
  x: number,
  y: number
): [number, number] {
  const [u, v] = quarterTurnsBack(view, x, y)
  if (!view.tilt) return [u, v]
  const [cos, sin] = [Math.cos(view.tilt), Math.sin(view.tilt)]
  return [cos * u + sin * v, cos * v - sin * u]
}

function quarterTurnsBack(view: Pick<View, 'rotation' | 'flipped'>, x: number, y: number): [number, number] {
  const mirrored = view.flipped ? -x : x
  switch (view.rotation) {
    case 0:
      return [mirrored, y]
    case 1:
      return [y, -mirrored]
    case 2:
      return [-mirrored, -y]
    case 3:
      return [-y, mirrored]
  }
}

/** At whole-number zooms film pixels are laid exactly on device pixels, so that 1:1 shows the file's own values. */
export function filmFromCanvas(view: View, frame: Frame): Affine {
  const scaleX = 1 / view.zoom
  const scaleY = 1 / (view.zoom * frame.aspect)
  const [ax, ay] = turnBack(view, 1, 0)
  const [cx, cy] = turnBack(view, 0, 1)
  const matrix = { a: ax * scaleX, b: ay * scaleY, c: cx * scaleX, d: cy * scaleY }
  const e = view.centreX - matrix.a * (frame.width / 2) - matrix.c * (frame.height / 2)
  const f = view.centreY - matrix.b * (frame.width / 2) - matrix.d * (frame.height / 2)
  if (view.tilt || !Number.isInteger(view.zoom) || frame.aspect !== 1) return { ...matrix, e, f }
  return { ...matrix, e: Math.round(e * view.zoom) / view.zoom, f: Math.round(f * view.zoom) / view.zoom }
}

export function toFilm(view: View, frame: Frame, x: number, y: number): { u: number; v: number } {
  const m = filmFromCanvas(view, frame)
  return { u: m.a * x + m.c * y + m.e, v: m.b * x + m.d * y + m.f }
}

export function toCanvas(view: View, frame: Frame, u: number, v: number): { x: number; y: number } {
  const { a, b, c, d, e, f } = filmFromCanvas(view, frame)
  const determinant = a * d - b * c
  return {
    x: (d * (u - e) - c * (v - f)) / determinant,
    y: (a * (v - f) - b * (u - e)) / determinant
  }
}

/** The zoom at which the whole film just fits the canvas. */
export function fitZoom(view: Pick<View, 'rotation'>, frame: Frame): number {
  const height = frame.rows * frame.aspect
  const [width, tall] = view.rotation % 2 === 0 ? [frame.columns, height] : [height, frame.columns]
  return Math.min(frame.width / width, frame.height / tall)
}

export function fitView(view: View, frame: Frame): View {
  return {
    ...view,
    centreX: frame.columns / 2,
    centreY: frame.rows / 2,
    zoom: fitZoom(view, frame),
    fit: true
  }
}

/** A film as it is first shown: whole, upright, unmirrored. */
export function initialView(frame: Frame): View {
  return fitView({ centreX: 0, centreY: 0, zoom: 1, rotation: 0, tilt: 0, flipped: false, fit: true }, frame)
}

function keepOnCanvas(view: View, frame: Frame): View {
  return {
    ...view,
    centreX: Math.min(frame.columns, Math.max(0, view.centreX)),
    centreY: Math.min(frame.rows, Math.max(0, view.centreY))
  }
}

/** Moves the film by a canvas distance; the middle of the canvas never leaves the film. */
export function panView(view: View, frame: Frame, dx: number, dy: number): View {
  const [u, v] = turnBack(view, dx, dy)
  return keepOnCanvas(
    {
      ...view,
      centreX: view.centreX - u / view.zoom,
      centreY: view.centreY - v / (view.zoom * frame.aspect),
      fit: false
    },
    frame
  )
}

/** Zooms to `zoom` (held between half of fit and MAX_ZOOM) with the film point under canvas point (x, y) kept there. */
export function zoomView(view: View, frame: Frame, zoom: number, x: number, y: number): View {
  const whole = fitZoom(view, frame)
  const held = Math.min(Math.max(MAX_ZOOM, whole), Math.max(Math.min(0.5 * whole, 1), zoom))
  const { u, v } = toFilm(view, frame, x, y)
  const [du, dv] = turnBack(view, x - frame.width / 2, y - frame.height / 2)
  return keepOnCanvas(
    { ...view, zoom: held, centreX: u - du / held, centreY: v - dv / (held * frame.aspect), fit: false },
    frame
  )
}

/** How much larger the magnifier shows the film, and the least device pixels that it gives a film pixel. */
const MAGNIFICATION = 2.5
const LEAST_MAGNIFIED = 2

/** The view of a magnifier over canvas point (x, y): the film point under it in the middle, larger, the same side up. */
export function magnifiedView(view: View, frame: Frame, { x, y }: { x: number; y: number }): View {
  const { u, v } = toFilm(view, frame, x, y)
  const zoom = Math.max(LEAST_MAGNIFIED, MAGNIFICATION * view.zoom)
  return { ...view, centreX: u, centreY: v, zoom, fit: false }
}

/** A quarter turn clockwise as seen on the screen. */
export function rotateView(view: View, frame: Frame): View {
  const rotation = ((view.rotation + (view.flipped ? 3 : 1)) % 4) as View['rotation']
  const turned = { ...view, rotation }
  return view.fit ? fitView(turned, frame) : turned
}

export function flipView(view: View): View {
  return { ...view, flipped: !view.flipped }
}

/** The view on a canvas of another size. */
export function resizeView(view: View, frame: Frame): View {
  return view.fit ? fitView(view, frame) : keepOnCanvas(view, frame)
}
