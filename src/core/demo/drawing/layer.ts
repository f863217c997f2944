/**
 * What is drawn at the film's full resolution on top of the soft tissue: bone, vessels, air tubes, metal. Values are
 * millimetres of soft tissue that would attenuate as much (template millimetres); air is negative.
 */
export interface Layer {
  columns: number
  rows: number
  values: Float32Array
  /** One object at a time: its parts are united here, then added to `values`. */
  scratch: Float32Array
  /** Columns of each row of `scratch` that the object may have touched, from `first` to below `end`. */
  first: Int32Array
  end: Int32Array
}

export function createLayer(columns: number, rows: number): Layer {
  return {
    columns,
    rows,
    values: new Float32Array(columns * rows),
    scratch: new Float32Array(columns * rows),
    first: new Int32Array(rows).fill(columns),
    end: new Int32Array(rows)
  }
}

let kept: { values: Float32Array; scratch: Float32Array } | null = null

/** A layer on memory kept from the film before, cleared: one film is drawn at a time. */
export function reuseLayer(columns: number, rows: number): Layer {
  const length = columns * rows
  if (!kept || kept.values.length < length) {
    kept = { values: new Float32Array(length), scratch: new Float32Array(length) }
  }
  return {
    columns,
    rows,
    values: kept.values.subarray(0, length).fill(0),
    // Every object leaves it cleared.
    scratch: kept.scratch.subarray(0, length),
    first: new Int32Array(rows).fill(columns),
    end: new Int32Array(rows)
  }
}

/** A point of a stroke: pixels; `radius` in pixels; `depth` the stroke's value on its axis, in layer units. */
export interface StrokePoint {
  column: number
  row: number
  radius: number
  depth: number
}

/** What an object is multiplied by, on a grid coarser than the layer: one value for each `step` x `step` pixels. */
export interface Weights {
  step: number
  columns: number
  values: Float32Array
}

/** Cross-section of a stroke, at s = (distance from axis / radius) squared in [0, 1]: 1 on the axis of a solid rod. */
export type CrossSection = 'rod' | 'shell' | 'soft'

const SECTION_STEPS = 1024
const section = (of: (s: number) => number) =>
  Float32Array.from({ length: SECTION_STEPS + 2 }, (_, i) => of(i / SECTION_STEPS))
const chord = (s: number) => Math.sqrt(Math.max(0, 1 - s))
const SECTIONS: Record<CrossSection, Float32Array> = {
  rod: section(chord),
  /** Cortex around a less dense marrow: brighter at the edges, as long bones and ribs are. */
  shell: section(s => 1.25 * (chord(s) - 0.42 * chord(s / 0.72 ** 2))),
  soft: section(s => Math.max(0, 1 - s) ** 2)
}

/** Thinnest radius that is drawn, in pixels; thinner strokes are drawn at it, fainter in proportion. */
const THINNEST = 0.9

/**
 * Draws strokes as one object: where its own parts overlap the thickest counts, and the whole is then added to the
 * layer, multiplied by `weights` where given. Depths must be positive; `sign` -1 makes it air.
 */
export function drawObject(
  layer: Layer,
  strokes: readonly (readonly StrokePoint[])[],
  section: CrossSection,
  sign: 1 | -1 = 1,
  weights?: Weights
): void {
  const table = SECTIONS[section]
  let top = layer.rows
  let bottom = -1
  for (const stroke of strokes) {
    for (let i = 0; i < stroke.length - 1; i++) {
      const a = stroke[i]!
      const b = stroke[i + 1]!
      const reach = reachOf(a, b)
      top = Math.min(top, Math.max(0, Math.floor(Math.min(a.row, b.row) - reach)))
      bottom = Math.max(bottom, Math.min(layer.rows - 1, Math.ceil(Math.max(a.row, b.row) + reach)))
      drawPiece(layer, a, b, table, section === 'shell')
    }
  }
  for (let row = top; row <= bottom; row++) addRow(layer, row, sign, weights ?? null)
}

const reachOf = (a: StrokePoint, b: StrokePoint) => Math.max(a.radius, b.radius, THINNEST) + 0.5

/**
 * One straight piece of a stroke, into the scratch.
 * @param open leaves out the rounded ends
 */
function drawPiece(layer: Layer, a: StrokePoint, b: StrokePoint, table: Float32Array, open: boolean): void {
  const { columns, scratch, first, end } = layer
  const reach = reachOf(a, b)
  const c0 = Math.max(0, Math.floor(Math.min(a.column, b.column) - reach))
  const c1 = Math.min(columns - 1, Math.ceil(Math.max(a.column, b.column) + reach))
  const r0 = Math.max(0, Math.floor(Math.min(a.row, b.row) - reach))
  const r1 = Math.min(layer.rows - 1, Math.ceil(Math.max(a.row, b.row) + reach))
  if (c0 > c1 || r0 > r1) return
  const dx = b.column - a.column
  const dy = b.row - a.row
  const perLength = 1 / Math.max(1e-6, dx * dx + dy * dy)
  // A hollow section must not be covered by the rounded end of the piece next to it.
  const slack = open ? 0.9 * Math.sqrt(perLength) : Infinity
  // On each row only the columns within reach of the piece's line.
  const half = Math.abs(dy) < 1e-3 ? Infinity : (reach * Math.sqrt(dx * dx + dy * dy)) / Math.abs(dy)
  const { radius, depth } = a
  const wider = b.radius - radius
  const deeper = b.depth - depth
  const step = dx * perLength
  for (let row = r0; row <= r1; row++) {
    const py = row - a.row
    let from = c0
    let to = c1
    if (half !== Infinity) {
      const middle = a.column + (py * dx) / dy
      from = Math.max(from, Math.floor(middle - half))
      to = Math.min(to, Math.ceil(middle + half))
    }
    const start = (py * dy - a.column * dx) * perLength
    if (open && Math.abs(step) > 1e-6) {
      const one = (-slack - start) / step
      const other = (1 + slack - start) / step
      from = Math.max(from, Math.floor(Math.min(one, other)))
      to = Math.min(to, Math.ceil(Math.max(one, other)))
    }
    if (from > to) continue
    if (from < first[row]!) first[row] = from
    if (to >= end[row]!) end[row] = to + 1
    const line = row * columns
    for (let column = from; column <= to; column++) {
      const along = start + column * step
      if (along < -slack || along > 1 + slack) continue
      const t = along < 0 ? 0 : along > 1 ? 1 : along
      const ox = column - a.column - t * dx
      const oy = py - t * dy
      const wanted = radius + t * wider
      const drawn = wanted < THINNEST ? THINNEST : wanted
      const s = (ox * ox + oy * oy) / (drawn * drawn)
      if (s >= 1) continue
      const position = s * SECTION_STEPS
      const k = position | 0
      const value =
        (depth + t * deeper) *
        (wanted < THINNEST ? wanted / THINNEST : 1) *
        (table[k]! + (position - k) * (table[k + 1]! - table[k]!))
      if (value > scratch[line + column]!) scratch[line + column] = value
    }
  }
}

/** Adds a row of the scratch to the layer and clears it. */
function addRow(layer: Layer, row: number, sign: 1 | -1, weights: Weights | null): void {
  const { columns, values, scratch } = layer
  const from = row * columns + layer.first[row]!
  const to = row * columns + layer.end[row]!
  layer.first[row] = columns
  layer.end[row] = 0
  if (!weights) {
    for (let at = from; at < to; at++) {
      const value = scratch[at]!
      if (value === 0) continue
      values[at]! += sign * value
      scratch[at] = 0
    }
    return
  }
  const { step, values: weight } = weights
  const line = ((row / step) | 0) * weights.columns
  for (let at = from; at < to; at++) {
    const value = scratch[at]!
    if (value === 0) continue
    values[at]! += sign * value * weight[line + (((at - row * columns) / step) | 0)]!
    scratch[at] = 0
  }
}
