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
}

export function createLayer(columns: number, rows: number): Layer {
  return {
    columns,
    rows,
    values: new Float32Array(columns * rows),
    scratch: new Float32Array(columns * rows)
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
    scratch: kept.scratch.subarray(0, length).fill(0)
  }
}

/** A point of a stroke: pixels; `radius` in pixels; `depth` the stroke's value on its axis, in layer units. */
export interface StrokePoint {
  column: number
  row: number
  radius: number
  depth: number
}

/** Cross-section of a stroke, at q = distance from axis / radius in [0, 1]: 1 on the axis of a solid rod. */
export type CrossSection = 'rod' | 'shell' | 'soft'

const SECTION_STEPS = 256
const SECTIONS: Record<CrossSection, Float32Array> = {
  rod: Float32Array.from({ length: SECTION_STEPS + 2 }, (_, i) =>
    Math.sqrt(Math.max(0, 1 - (i / SECTION_STEPS) ** 2))
  ),
  /** Cortex around a less dense marrow: brighter at the edges, as long bones and ribs are. */
  shell: Float32Array.from({ length: SECTION_STEPS + 2 }, (_, i) => {
    const q = i / SECTION_STEPS
    const outer = Math.sqrt(Math.max(0, 1 - q ** 2))
    const inner = Math.sqrt(Math.max(0, 1 - (q / 0.72) ** 2))
    return 1.25 * (outer - 0.42 * inner)
  }),
  soft: Float32Array.from(
    { length: SECTION_STEPS + 2 },
    (_, i) => Math.max(0, 1 - (i / SECTION_STEPS) ** 2) ** 2
  )
}

/** Thinnest radius that is drawn, in pixels; thinner strokes are drawn at it, fainter in proportion. */
const THINNEST = 0.9

/**
 * Draws strokes as one object: where its own parts overlap the thickest counts, and the whole is then added to the
 * layer, multiplied by `weight(column, row)` where given. Depths must be positive; `sign` -1 makes it air.
 */
export function drawObject(
  layer: Layer,
  strokes: readonly (readonly StrokePoint[])[],
  section: CrossSection,
  sign: 1 | -1 = 1,
  weight?: (column: number, row: number) => number
): void {
  const { columns, rows, values, scratch } = layer
  const table = SECTIONS[section]
  const open = section === 'shell'
  let left = columns
  let right = -1
  let top = rows
  let bottom = -1
  for (const stroke of strokes) {
    for (let i = 0; i < stroke.length - 1; i++) {
      const a = stroke[i]!
      const b = stroke[i + 1]!
      const reach = Math.max(a.radius, b.radius, THINNEST) + 0.5
      const c0 = Math.max(0, Math.floor(Math.min(a.column, b.column) - reach))
      const c1 = Math.min(columns - 1, Math.ceil(Math.max(a.column, b.column) + reach))
      const r0 = Math.max(0, Math.floor(Math.min(a.row, b.row) - reach))
      const r1 = Math.min(rows - 1, Math.ceil(Math.max(a.row, b.row) + reach))
      if (c0 > c1 || r0 > r1) continue
      if (c0 < left) left = c0
      if (c1 > right) right = c1
      if (r0 < top) top = r0
      if (r1 > bottom) bottom = r1
      const dx = b.column - a.column
      const dy = b.row - a.row
      const perLength = 1 / Math.max(1e-6, dx * dx + dy * dy)
      const slack = 0.9 * Math.sqrt(perLength)
      // On each row only the columns within reach of the segment's line.
      const half = Math.abs(dy) < 1e-3 ? Infinity : (reach * Math.hypot(dx, dy)) / Math.abs(dy)
      for (let row = r0; row <= r1; row++) {
        const py = row - a.row
        const middle = half === Infinity ? 0 : a.column + (py * dx) / dy
        const first = half === Infinity ? c0 : Math.max(c0, Math.floor(middle - half))
        const final = half === Infinity ? c1 : Math.min(c1, Math.ceil(middle + half))
        for (let column = first; column <= final; column++) {
          const px = column - a.column
          const along = (px * dx + py * dy) * perLength
          // A hollow section must not be covered by the rounded end of the piece next to it.
          if (open && (along < -slack || along > 1 + slack)) continue
          const t = along < 0 ? 0 : along > 1 ? 1 : along
          const ox = px - t * dx
          const oy = py - t * dy
          const wanted = a.radius + t * (b.radius - a.radius)
          const radius = wanted < THINNEST ? THINNEST : wanted
          const squared = ox * ox + oy * oy
          if (squared >= radius * radius) continue
          const q = (Math.sqrt(squared) / radius) * SECTION_STEPS
          const k = q | 0
          const depth = (a.depth + t * (b.depth - a.depth)) * (wanted < THINNEST ? wanted / THINNEST : 1)
          const value = depth * (table[k]! + (q - k) * (table[k + 1]! - table[k]!))
          const at = row * columns + column
          if (value > scratch[at]!) scratch[at] = value
        }
      }
    }
  }
  for (let row = top; row <= bottom; row++) {
    for (let column = left, at = row * columns + left; column <= right; column++, at++) {
      const value = scratch[at]!
      if (value === 0) continue
      scratch[at] = 0
      values[at]! += sign * (weight ? value * weight(column, row) : value)
    }
  }
}
