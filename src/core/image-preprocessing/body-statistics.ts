import type { StoredFilm, StoredValues, VoiTransform } from '../domain'
import { modalityFunction } from './modality'

/** Modality values below which a given percentage of the body's pixels lies. */
export interface BodyPercentiles {
  p0_5: number
  p2: number
  p50: number
  p98: number
  p99_5: number
}

/** Pixels looked at, at most, per statistic: enough for a percentile, and quick on a large film. */
const SAMPLE_SIDE = 1024
/** Cells along the longer side of the grid that tells body from background. */
const GRID_SIDE = 64
/** A cell is flat where its standard deviation is below this share of the film's 1..99 % range. */
const FLAT_SHARE = 0.02
/** Below this share of cells the grid has found no body, and all pixels count. */
const LEAST_BODY = 0.1

/**
 * Percentiles inside the body. Background is what a film shows beside the infant: padding, and flat cells (collimated or
 * unexposed borders, saturated air) that are connected with the border of the film through flat cells.
 */
export function bodyPercentiles(film: StoredFilm): BodyPercentiles {
  const samples = sampleFilm(film)
  if (samples.values.length === 0) return { p0_5: 0, p2: 0, p50: 0, p98: 0, p99_5: 0 }
  const all = distribution(samples.values, stored => stored)
  const isBody = bodyCells(samples, percentile(all, 99) - percentile(all, 1))
  return percentilesOf(film, keepBody(samples, isBody))
}

/** Percentiles of some of a film's stored values, at least one, as modality values. */
export function percentilesOf(film: StoredFilm, stored: StoredValues): BodyPercentiles {
  const some = distribution(stored, modalityFunction(film))
  return {
    p0_5: percentile(some, 0.5),
    p2: percentile(some, 2),
    p50: percentile(some, 50),
    p98: percentile(some, 98),
    p99_5: percentile(some, 99.5)
  }
}

/** The window shown where a film brings none: 0.5 to 99.5 % of the body. */
export function bodyWindow(film: StoredFilm): VoiTransform {
  const { p0_5, p99_5 } = bodyPercentiles(film)
  return {
    kind: 'window',
    center: (p0_5 + p99_5) / 2,
    width: Math.max(p99_5 - p0_5, Number.EPSILON),
    function: 'LINEAR_EXACT',
    explanation: null
  }
}

interface Samples {
  /** Stored values of sampled pixels that are no padding. */
  values: StoredValues
  /** Grid cell of each. */
  cells: Uint16Array
  gridRows: number
  gridColumns: number
}

function sampleFilm(film: StoredFilm): Samples {
  const { rows, columns, values: stored, padding } = film
  const step = Math.max(1, Math.ceil(Math.max(rows, columns) / SAMPLE_SIDE))
  const cellSide = Math.max(1, Math.ceil(Math.max(rows, columns) / GRID_SIDE))
  const gridColumns = Math.ceil(columns / cellSide)
  const most = Math.ceil(rows / step) * Math.ceil(columns / step)
  const values = stored.slice(0, most)
  const cells = new Uint16Array(most)
  let count = 0
  for (let row = 0; row < rows; row += step) {
    const firstCell = Math.floor(row / cellSide) * gridColumns
    for (let column = 0; column < columns; column += step) {
      const value = stored[row * columns + column]!
      if (padding && value >= padding.low && value <= padding.high) continue
      values[count] = value
      cells[count++] = firstCell + Math.floor(column / cellSide)
    }
  }
  return {
    values: values.subarray(0, count),
    cells: cells.subarray(0, count),
    gridRows: Math.ceil(rows / cellSide),
    gridColumns
  }
}

/** Values in cells that show body. */
function keepBody({ values, cells }: Samples, isBody: Uint8Array): StoredValues {
  const inside = values.slice()
  let count = 0
  for (let i = 0; i < values.length; i++) if (isBody[cells[i]!] === 1) inside[count++] = values[i]!
  return inside.subarray(0, count)
}

/** 1 for each cell that shows body, 0 for background. */
function bodyCells({ values, cells, gridRows, gridColumns }: Samples, range: number): Uint8Array {
  const size = gridRows * gridColumns
  const count = new Float64Array(size)
  const sum = new Float64Array(size)
  const squares = new Float64Array(size)
  // Differences from one value keep the sums of squares exact for large values.
  const origin = values[0]!
  for (let i = 0; i < values.length; i++) {
    const cell = cells[i]!
    const difference = values[i]! - origin
    count[cell]!++
    sum[cell]! += difference
    squares[cell]! += difference * difference
  }
  const isFlat = (cell: number) => {
    const n = count[cell]!
    if (n === 0) return true
    const variance = squares[cell]! / n - (sum[cell]! / n) ** 2
    return variance <= (FLAT_SHARE * range) ** 2
  }
  const isBody = new Uint8Array(size).fill(1)
  const queue: number[] = []
  const visit = (cell: number) => {
    if (isBody[cell] === 0 || !isFlat(cell)) return
    isBody[cell] = 0
    queue.push(cell)
  }
  for (let row = 0; row < gridRows; row++) {
    visit(row * gridColumns)
    visit(row * gridColumns + gridColumns - 1)
  }
  for (let column = 0; column < gridColumns; column++) {
    visit(column)
    visit((gridRows - 1) * gridColumns + column)
  }
  for (let cell = queue.pop(); cell !== undefined; cell = queue.pop()) {
    const column = cell % gridColumns
    if (column > 0) visit(cell - 1)
    if (column < gridColumns - 1) visit(cell + 1)
    if (cell >= gridColumns) visit(cell - gridColumns)
    if (cell < size - gridColumns) visit(cell + gridColumns)
  }
  const bodies = isBody.reduce((total, cell) => total + cell, 0)
  return bodies >= LEAST_BODY * size ? isBody : isBody.fill(1)
}

/** How often each value occurs, by ascending value. */
type Distribution = { value: number; count: number }[]

/** Distribution of `transform` of the values, which is called once per distinct value. */
function distribution(values: StoredValues, transform: (stored: number) => number): Distribution {
  return distinctCounts(values)
    .map(({ value, count }) => ({ value: transform(value), count }))
    .sort((a, b) => a.value - b.value)
}

function distinctCounts(values: StoredValues): Distribution {
  if (values.BYTES_PER_ELEMENT <= 2) {
    const counts = new Uint32Array(131072)
    for (let i = 0; i < values.length; i++) counts[values[i]! + 65536]!++
    const found: Distribution = []
    for (let i = 0; i < counts.length; i++)
      if (counts[i]! > 0) found.push({ value: i - 65536, count: counts[i]! })
    return found
  }
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return Array.from(counts, ([value, count]) => ({ value, count }))
}

/** Nearest-rank percentile. */
function percentile(distribution: Distribution, percent: number): number {
  const total = distribution.reduce((sum, { count }) => sum + count, 0)
  const rank = Math.max(1, Math.ceil((percent / 100) * total))
  let seen = 0
  for (const { value, count } of distribution) {
    seen += count
    if (seen >= rank) return value
  }
  return distribution.at(-1)!.value
}
