import { frameOf } from './view-transform'
import type { Film } from './renderer'
import { invertRegistration, registeredPlace, type Registration } from './registration'

/** A registration found from the pictures themselves. */
export interface Estimate {
  registration: Registration
  /** Correlation of the two pictures where they overlap, less what an unlikely scale costs; 1 is the same picture. */
  correlation: number
}

/** Below this correlation the films are too different for the estimate to be believed. */
export const LEAST_CORRELATION = 0.35

/** Two films to be laid on each other, and what a scale costs. */
interface Pair {
  from: Plane
  to: Plane
  cost(scale: number): number
}

/** A film made small: square cells of tissue brightness less its surroundings. */
interface Plane {
  columns: number
  rows: number
  values: Float32Array
  /** Pixel widths of the film per cell. */
  cell: number
}

/** Cells along the longer side of the first search and of the last. */
const COARSE = 24
const FINE = 64
/** How much larger or smaller the second film may show the infant than spacing or size lets expect. */
const SCALES = Array.from({ length: 15 }, (_, step) => 1.07 ** (step - 7))
/** So many of them are followed up. */
const FOLLOWED = 3
/**
 * What a scale that spacing does not bear out costs of the correlation, at most and by how it differs: ribs fit ribs at
 * more than one scale, and an infant grows but slowly.
 */
const SCALE_COST = 0.1
const SCALE_SPREAD = 0.2
/** Farthest shift that is tried, in shares of the film, and least overlap that counts. */
const FARTHEST = 0.3
const LEAST_OVERLAP = 0.5

/**
 * Lays one film on another by shift, scale and turn, so that ribs, mediastinum and outline correlate best: a search over a
 * small picture, then a climb on a larger one. Brightness is taken between each film's body percentiles and less its
 * surroundings, so that exposure and MONOCHROME1 do not matter. Lines, tubes and disease differ between films of one
 * infant; that is why the whole chest decides.
 * @returns null where no placing is to be believed
 */
export function estimateRegistration(from: Film, to: Film): Estimate | null {
  const cost = scaleCost(from, to)
  const rough = { from: smallPlane(from, COARSE, 4), to: smallPlane(to, COARSE, 4), cost }
  const fine = { from: smallPlane(from, FINE, 5), to: smallPlane(to, FINE, 5), cost }
  const starts = SCALES.map(factor => bestShift(rough, expectedScale(from, to) * factor))
  const followed = starts
    .sort(byMatch)
    .slice(0, FOLLOWED)
    .map(({ registration }) => descend(fine, registration, false))
    .sort(byMatch)[0]!
  const refined = descend(fine, followed.registration, true)
  return refined.correlation < LEAST_CORRELATION ? null : refined
}

const byMatch = (a: Estimate, b: Estimate) => b.correlation - a.correlation

/** Pixels of the second film per pixel of the first where both files give spacing alike; else null. */
function scaleBySpacing(from: Film, to: Film): number | null {
  const [a, b] = [from.header.spacing, to.header.spacing]
  return a && b && a.source === b.source && a.columnMm > 0 && b.columnMm > 0 ? a.columnMm / b.columnMm : null
}

const expectedScale = (from: Film, to: Film) => scaleBySpacing(from, to) ?? longSide(to) / longSide(from)

function scaleCost(from: Film, to: Film): (scale: number) => number {
  const expected = scaleBySpacing(from, to)
  if (expected === null) return () => 0
  return scale => SCALE_COST * Math.min(1, (Math.log(scale / expected) / SCALE_SPREAD) ** 2)
}

function longSide(film: Film): number {
  const { columns, rows, aspect } = frameOf(film, 1, 1)
  return Math.max(columns, rows * aspect)
}

/**
 * The film averaged over square cells, 0 (lung) to 1 (bone), then less the mean around each cell.
 * @param surroundings how far around, as a part of the film's longer side: 4 is a quarter
 */
function smallPlane(film: Film, side: number, surroundings: number): Plane {
  const { columns: width, rows: height, aspect } = frameOf(film, 1, 1)
  const cell = longSide(film) / side
  const columns = Math.max(1, Math.round(width / cell))
  const rows = Math.max(1, Math.round((height * aspect) / cell))
  const { slope, intercept, inverted, percentiles } = film.header
  const [black, white] = inverted
    ? [percentiles.p99_5, percentiles.p0_5]
    : [percentiles.p0_5, percentiles.p99_5]
  const values = new Float32Array(columns * rows)
  // A few pixels per cell tell its mean well enough.
  const step = Math.max(1, Math.floor(cell / 4))
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      let sum = 0
      let count = 0
      const bottom = Math.min(height, Math.ceil(((r + 1) * height) / rows))
      const right = Math.min(width, Math.ceil(((c + 1) * width) / columns))
      for (let v = Math.floor((r * height) / rows); v < bottom; v += step)
        for (let u = Math.floor((c * width) / columns); u < right; u += step) {
          sum += film.values[v * width + u]!
          count++
        }
      const mean = (sum / Math.max(1, count)) * slope + intercept
      values[r * columns + c] = Math.min(1, Math.max(0, (mean - black) / (white - black || 1)))
    }
  return {
    columns,
    rows,
    cell,
    values: lessSurroundings(values, columns, rows, Math.round(side / surroundings))
  }
}

/** Each value less the mean of the square of cells around it. */
function lessSurroundings(values: Float32Array, columns: number, rows: number, radius: number): Float32Array {
  const sums = new Float64Array((columns + 1) * (rows + 1))
  const at = (r: number, c: number) => sums[r * (columns + 1) + c]!
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++)
      sums[(r + 1) * (columns + 1) + c + 1] =
        values[r * columns + c]! + at(r, c + 1) + at(r + 1, c) - at(r, c)
  return values.map((value, i) => {
    const [r, c] = [Math.floor(i / columns), i % columns]
    const [top, bottom] = [Math.max(0, r - radius), Math.min(rows, r + radius + 1)]
    const [left, right] = [Math.max(0, c - radius), Math.min(columns, c + radius + 1)]
    const sum = at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left)
    return value - sum / ((bottom - top) * (right - left))
  })
}

/** Best of all shifts by whole cells at one scale. */
function bestShift(pair: Pair, scale: number): Estimate {
  const { from, to } = pair
  const middle = (plane: Plane, count: number) => (count * plane.cell) / 2
  const centred = {
    x: middle(to, to.columns) - scale * middle(from, from.columns),
    y: middle(to, to.rows) - scale * middle(from, from.rows)
  }
  const reach = Math.round(FARTHEST * COARSE)
  let best: Estimate = { registration: { scale, turn: 0, ...centred }, correlation: -1 }
  for (let down = -reach; down <= reach; down++)
    for (let across = -reach; across <= reach; across++) {
      const registration = { scale, turn: 0, x: centred.x + across * to.cell, y: centred.y + down * to.cell }
      const correlation = match(pair, registration)
      if (correlation > best.correlation) best = { registration, correlation }
    }
  return best
}

/**
 * Climbs in shift, scale and turn, halving the step where none helps.
 * @param together tries a shift along with each scale and turn, not only one or the other: closer, and slower
 */
function descend(pair: Pair, start: Registration, together: boolean): Estimate {
  const { from, to } = pair
  let best: Estimate = { registration: start, correlation: match(pair, start) }
  const middle = { x: (from.columns * from.cell) / 2, y: (from.rows * from.cell) / 2 }
  for (let step = FINE / COARSE; step >= 0.125;) {
    // A scale, and an angle, that move the film's edge about as far as a shift does.
    const edge = (2 * step) / FINE
    const around = [1 / (1 + edge), 1, 1 + edge].flatMap(factor =>
      [-edge, 0, edge].map(angle => about(best.registration, middle, factor, angle))
    )
    const shift = step * to.cell
    const tried = together
      ? around.flatMap(each => shifted(each, shift))
      : [...around, ...shifted(best.registration, shift)]
    let better = best
    for (const registration of tried) {
      const correlation = match(pair, registration)
      if (correlation > better.correlation) better = { registration, correlation }
    }
    if (better === best) step /= 2
    else best = better
  }
  return best
}

/** The first film a step over in each direction, and where it is. */
function shifted(registration: Registration, by: number): Registration[] {
  return [-by, 0, by].flatMap(dx =>
    [-by, 0, by].map(dy => ({ ...registration, x: registration.x + dx, y: registration.y + dy }))
  )
}

/** The first film larger by a factor and turned by an angle about its middle, which stays where it lies. */
function about(
  registration: Registration,
  middle: { x: number; y: number },
  factor: number,
  angle: number
): Registration {
  const changed = {
    ...registration,
    scale: registration.scale * factor,
    turn: registration.turn + angle
  }
  const before = registeredPlace(registration, middle.x, middle.y)
  const after = registeredPlace(changed, middle.x, middle.y)
  return { ...changed, x: changed.x + before.x - after.x, y: changed.y + before.y - after.y }
}

const match = ({ from, to, cost }: Pair, registration: Registration) =>
  correlate(from, to, registration) - cost(registration.scale)

/** Pearson's correlation over the cells of the second film that the first covers; -1 where too few are. */
function correlate(from: Plane, to: Plane, registration: Registration): number {
  let n = 0
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0]
  const back = invertRegistration(registration)
  const start = registeredPlace(back, 0.5 * to.cell, 0.5 * to.cell)
  const [startX, startY] = [start.x / from.cell - 0.5, start.y / from.cell - 0.5]
  const ratio = (to.cell * back.scale) / from.cell
  const [along, across] = [ratio * Math.cos(back.turn), ratio * Math.sin(back.turn)]
  for (let r = 0; r < to.rows; r++) {
    for (let c = 0; c < to.columns; c++) {
      const u = startX + c * along - r * across
      const v = startY + c * across + r * along
      const column = Math.floor(u)
      const row = Math.floor(v)
      if (row < 0 || row + 1 >= from.rows || column < 0 || column + 1 >= from.columns) continue
      const i = row * from.columns + column
      const upper = from.values[i]! + (from.values[i + 1]! - from.values[i]!) * (u - column)
      const j = i + from.columns
      const lower = from.values[j]! + (from.values[j + 1]! - from.values[j]!) * (u - column)
      const a = upper + (lower - upper) * (v - row)
      const b = to.values[r * to.columns + c]!
      n++
      sumA += a
      sumB += b
      squareA += a * a
      squareB += b * b
      product += a * b
    }
  }
  const smaller = Math.min(
    to.columns * to.rows,
    (from.columns * from.rows * (registration.scale * from.cell) ** 2) / to.cell ** 2
  )
  if (n < LEAST_OVERLAP * smaller) return -1
  const spread = Math.sqrt((squareA - (sumA * sumA) / n) * (squareB - (sumB * sumB) / n))
  return spread > 0 ? (product - (sumA * sumB) / n) / spread : -1
}
