import type { StoredFilm } from '../../domain'
import { modalityFunction } from '../modality'
import { resizeRows } from '../resize'

/** A reduced film for finding the lungs: grey 0 (air) to 1 (bone), whichever way the file stores them. */
export interface Picture {
  columns: number
  rows: number
  values: Float32Array
}

export interface ChestPicture extends Picture {
  /** 1 where the infant is: neither padding, collimation nor the air beside it. */
  body: Uint8Array
  /** Body from left to right and from top to bottom, in picture pixels. */
  left: number
  right: number
  top: number
  bottom: number
}

/** Longer side of the picture. Lungs are large: a finer one finds them no better. */
const PICTURE_SIDE = 256

/** A line at the film's border is collimation or unexposed plate where most of it is as dark or as bright as this. */
const BLACK = 0.02
const WHITE = 0.985
const MOST = 0.7
const EDGE = 1
const BLANK = 2
/** Lines that reduction has mixed with such a one. */
const MIXED_LINES = 2
/** Greys up to which background is followed in from the border; so much of the film's middle it may take. */
const AIR_GREYS = [0.03, 0.05, 0.07, 0.09, 0.12, 0.15, 0.18, 0.22, 0.26, 0.3]
const MIDDLE_SHARE = 0.02
/** A row or column belongs to the body where at least this share of it shows body. */
const BODY_SHARE = 0.25

/**
 * @param low modality value below which nearly nothing of the body lies. @param high the same above. Taken as they are,
 * so that the file's own window, which may hide the lungs, plays no part.
 */
export function chestPicture(film: StoredFilm, low: number, high: number): ChestPicture {
  const { rows: filmRows, columns: filmColumns } = film
  const reduction = PICTURE_SIDE / Math.max(filmRows, filmColumns)
  const rows = Math.max(1, Math.round(filmRows * reduction))
  const columns = Math.max(1, Math.round(filmColumns * reduction))
  // Of a large film every second or third pixel is enough.
  const step = Math.max(1, Math.floor(1 / reduction / 3))
  const [readRows, readColumns] = [Math.floor(filmRows / step), Math.floor(filmColumns / step)]
  const values = resizeRows(greyRows(film, low, high, step), readRows, readColumns, rows, columns)
  const picture: Picture = { columns, rows, values }
  const body = bodyOf(picture)
  return { ...picture, body, ...extentOf(picture, body) }
}

/** Reads every `step`-th row and column of the film as grey 0..1. */
function greyRows(film: StoredFilm, low: number, high: number, step: number) {
  const { columns, values, padding } = film
  const toModality = modalityFunction(film)
  const turned = film.photometric === 'MONOCHROME1'
  const range = Math.max(high - low, Number.EPSILON)
  const grey = (stored: number) => {
    if (padding && stored >= padding.low && stored <= padding.high) return 0
    const share = Math.min(1, Math.max(0, (toModality(stored) - low) / range))
    return turned ? 1 - share : share
  }
  const first = (row: number) => row * step * columns
  if (values.BYTES_PER_ELEMENT > 2) {
    return (row: number, target: Float32Array) => {
      for (let i = 0, at = first(row); i < target.length; i++, at += step) target[i] = grey(values[at]!)
    }
  }
  const size = 2 ** film.bitsStored
  const lowest = film.signed ? -size / 2 : 0
  const table = Float32Array.from({ length: size }, (_, i) => grey(i + lowest))
  return (row: number, target: Float32Array) => {
    for (let i = 0, at = first(row); i < target.length; i++, at += step)
      target[i] = table[values[at]! - lowest]!
  }
}

/**
 * Background is followed in from the border, through ever brighter greys as long as it keeps out of the film's middle:
 * lungs are as dark as the air beside the neck, but the chest wall lies between.
 */
function bodyOf(picture: Picture): Uint8Array {
  const { columns, rows } = picture
  const level = floodLevel(picture, frameOf(picture))
  const top = Math.floor(0.25 * rows)
  const bottom = Math.ceil(0.75 * rows)
  const left = Math.floor(0.22 * columns)
  const right = Math.ceil(0.78 * columns)
  const taken = new Float64Array(AIR_GREYS.length)
  for (let row = top; row < bottom; row++)
    for (let column = left; column < right; column++) {
      const here = level[row * columns + column]!
      for (let i = AIR_GREYS.length - 1; i >= 0 && here <= AIR_GREYS[i]!; i--) taken[i]! += 1
    }
  const most = MIDDLE_SHARE * (bottom - top) * (right - left)
  const air = AIR_GREYS.findLast((_, i) => taken[i]! <= most) ?? 0
  return Uint8Array.from(level, here => (here <= air ? 0 : 1))
}

/** BLANK in lines along the border that show nothing of the infant, EDGE where the outermost line does show it. */
function frameOf({ columns, rows, values }: Picture): Uint8Array {
  const frame = new Uint8Array(values.length)
  const isBlank = (start: number, step: number, length: number) => {
    let blank = 0
    for (let i = 0; i < length; i++) {
      const value = values[start + i * step]!
      if (value <= BLACK || value >= WHITE) blank += 1
    }
    return blank >= MOST * length
  }
  const mark = (lines: number, lineStart: (line: number) => number, step: number, length: number) => {
    let depth = 0
    while (depth < lines / 3 && isBlank(lineStart(depth), step, length)) depth += 1
    if (depth > 0) depth += MIXED_LINES
    for (let line = 0; line < Math.max(1, depth); line++)
      for (let i = 0; i < length; i++) {
        const at = lineStart(line) + i * step
        frame[at] = depth > 0 ? BLANK : Math.max(frame[at]!, EDGE)
      }
  }
  mark(rows, line => line * columns, 1, columns)
  mark(rows, line => (rows - 1 - line) * columns, 1, columns)
  mark(columns, line => line, columns, rows)
  mark(columns, line => columns - 1 - line, columns, rows)
  return frame
}

/** The least grey g such that a way leads in from the frame over pixels no brighter than g. */
function floodLevel({ columns, values }: Picture, frame: Uint8Array): Float32Array {
  const level = new Float32Array(values.length).fill(Infinity)
  const buckets: number[][] = Array.from({ length: 256 }, () => [])
  const reach = (at: number, grey: number) => {
    if (level[at]! < Infinity) return
    level[at] = grey
    buckets[Math.floor(grey * 255)]!.push(at)
  }
  for (let at = 0; at < values.length; at++)
    if (frame[at] !== 0) reach(at, frame[at] === BLANK ? 0 : values[at]!)
  for (const bucket of buckets)
    for (let at = bucket.pop(); at !== undefined; at = bucket.pop()) {
      const here = level[at]!
      const column = at % columns
      if (column > 0) reach(at - 1, Math.max(here, values[at - 1]!))
      if (column < columns - 1) reach(at + 1, Math.max(here, values[at + 1]!))
      if (at >= columns) reach(at - columns, Math.max(here, values[at - columns]!))
      if (at < values.length - columns) reach(at + columns, Math.max(here, values[at + columns]!))
    }
  return level
}

function extentOf({ columns, rows }: Picture, body: Uint8Array) {
  const inColumn = new Float64Array(columns)
  const inRow = new Float64Array(rows)
  for (let at = 0; at < body.length; at++) {
    inColumn[at % columns]! += body[at]! / rows
    inRow[Math.floor(at / columns)]! += body[at]! / columns
  }
  const first = (shares: Float64Array) =>
    Math.max(
      0,
      shares.findIndex(share => share >= BODY_SHARE)
    )
  const last = (shares: Float64Array) => {
    const found = shares.findLastIndex(share => share >= BODY_SHARE)
    return found < 0 ? shares.length : found + 1
  }
  return { left: first(inColumn), right: last(inColumn), top: first(inRow), bottom: last(inRow) }
}
