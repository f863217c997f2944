import { INK, MUTED, RULE, text, type Drawing, type Point, type Shape } from './drawing'

export interface ChartLine {
  label: string | null
  points: Point[]
  /** Interval at each place: [x, low, high]. */
  band: (readonly [x: number, low: number, high: number])[]
  stroke: string
  dash?: number
  dots?: boolean
}

export interface LineChart {
  title: string
  xLabel: string
  yLabel: string
  yRange: readonly [number, number]
  /** A line of reference from corner to corner. */
  diagonal: boolean
  lines: ChartLine[]
}

const SIZE = 240
const FRAME = { left: 40, right: 8, top: 22, bottom: 34 }

/** Lines over two axes, x from 0 to 1. */
export function lineChart({ title, xLabel, yLabel, yRange, diagonal, lines }: LineChart): Drawing {
  const [low, high] = yRange
  const right = SIZE - FRAME.right
  const bottom = SIZE - FRAME.bottom
  const x = (value: number) => FRAME.left + value * (right - FRAME.left)
  const y = (value: number) => bottom - ((within(value, yRange) - low) / (high - low)) * (bottom - FRAME.top)
  const shapes: Shape[] = [text(FRAME.left, 12, title, { size: 9, weight: 'bold' })]
  for (const tick of ticks(low, high)) {
    shapes.push(rule([FRAME.left, y(tick)], [right, y(tick)]))
    shapes.push(text(FRAME.left - 4, y(tick) + 3, short(tick), { anchor: 'end', size: 7, fill: MUTED }))
  }
  for (const tick of [0, 0.25, 0.5, 0.75, 1]) {
    shapes.push(rule([x(tick), bottom], [x(tick), bottom + 3]))
    shapes.push(text(x(tick), bottom + 12, short(tick), { anchor: 'middle', size: 7, fill: MUTED }))
  }
  shapes.push(text((FRAME.left + right) / 2, SIZE - 8, xLabel, { anchor: 'middle' }))
  shapes.push(text(11, (FRAME.top + bottom) / 2, yLabel, { anchor: 'middle', upright: true }))
  if (diagonal) shapes.push({ ...rule([x(0), y(0)], [x(1), y(1)]), dash: 2 })
  for (const { points, band, stroke, dash, dots } of lines) {
    if (band.length > 1) {
      const upper = band.map(([at, , top]): Point => [x(at), y(top)])
      const lower = band.map(([at, base]): Point => [x(at), y(base)]).reverse()
      shapes.push({ kind: 'area', points: [...upper, ...lower], fill: stroke, opacity: 0.15 })
    }
    const placed = points.map(([at, value]): Point => [x(at), y(value)])
    if (placed.length > 1) {
      shapes.push({
        kind: 'line',
        points: placed,
        stroke,
        width: 1.1,
        ...(dash === undefined ? {} : { dash })
      })
    }
    if (dots)
      shapes.push(
        ...placed.map(([cx, cy]): Shape => ({ kind: 'circle', x: cx, y: cy, radius: 1.8, fill: stroke }))
      )
  }
  const named = lines.filter(({ label }) => label !== null)
  return {
    title,
    width: SIZE,
    height: SIZE + Math.ceil(named.length / LEGEND_COLUMNS) * LEGEND_LINE,
    shapes: [...shapes, ...named.flatMap(({ label, stroke, dash }, i) => legend(label!, { stroke, dash }, i))]
  }
}

const LEGEND_COLUMNS = 2
const LEGEND_LINE = 11

function legend(
  label: string,
  { stroke, dash }: { stroke: string; dash: number | undefined },
  i: number
): Shape[] {
  const left = FRAME.left - 30 + (i % LEGEND_COLUMNS) * ((SIZE - 10) / LEGEND_COLUMNS)
  const top = SIZE + 4 + Math.floor(i / LEGEND_COLUMNS) * LEGEND_LINE
  const points: Point[] = [
    [left, top],
    [left + 12, top]
  ]
  return [
    { kind: 'line', points, stroke, width: 1.6, ...(dash === undefined ? {} : { dash }) },
    text(left + 16, top + 2.5, label, { size: 7 })
  ]
}

export interface Matrix {
  title: string
  rowTitle: string
  columnTitle: string
  names: readonly string[]
  counts: readonly (readonly number[])[]
  /** What a cell shows: films, or their share of the row or of the column. */
  scale: 'counts' | 'row' | 'column'
}

/** A confusion matrix, shaded by share of the row (of the column where that is what it shows). */
export function matrixChart({ title, rowTitle, columnTitle, names, counts, scale }: Matrix): Drawing {
  const cell = { width: 46, height: 24 }
  const left = 84
  const top = 50
  const whole = (row: number, column: number) =>
    scale === 'column'
      ? counts.reduce((sum, line) => sum + line[column]!, 0)
      : counts[row]!.reduce((sum, count) => sum + count, 0)
  const shapes: Shape[] = [
    text(4, 12, title, { size: 9, weight: 'bold' }),
    text(left + (names.length * cell.width) / 2, 28, columnTitle, { anchor: 'middle', fill: MUTED }),
    text(11, top + (names.length * cell.height) / 2, rowTitle, {
      anchor: 'middle',
      upright: true,
      fill: MUTED
    })
  ]
  names.forEach((name, k) => {
    shapes.push(text(left + (k + 0.5) * cell.width, top - 6, name, { anchor: 'middle', size: 7.5 }))
    shapes.push(text(left - 6, top + (k + 0.5) * cell.height + 3, name, { anchor: 'end', size: 7.5 }))
  })
  counts.forEach((line, row) =>
    line.forEach((count, column) => {
      const all = whole(row, column)
      const share = all === 0 ? 0 : count / all
      const x = left + column * cell.width
      const y = top + row * cell.height
      const shown = scale === 'counts' ? String(count) : all === 0 ? '–' : share.toFixed(3)
      shapes.push({
        ...{ kind: 'rect', x: x + 0.75, y: y + 0.75 },
        ...{ width: cell.width - 1.5, height: cell.height - 1.5 },
        fill: shade(share, row === column)
      })
      shapes.push(
        text(x + cell.width / 2, y + cell.height / 2 + 3, shown, {
          anchor: 'middle',
          weight: row === column ? 'bold' : 'regular',
          fill: share > 0.6 ? '#ffffff' : INK
        })
      )
    })
  )
  return {
    title,
    width: left + names.length * cell.width + 6,
    height: top + names.length * cell.height + 6,
    shapes
  }
}

export interface IntervalChart {
  title: string
  xLabel: string
  rows: { label: string; estimate: number; low: number | null; high: number | null; mark?: number }[]
  /** What the open marks are. */
  markLabel: string | null
}

/** Estimates with their intervals below one another; a vertical stroke marks a figure from elsewhere. */
export function intervalChart({ title, xLabel, rows, markLabel }: IntervalChart): Drawing {
  const values = rows.flatMap(({ estimate, low, high, mark }) => [estimate, low, high, mark].filter(isNumber))
  const margin = Math.max(0.01, 0.08 * (Math.max(...values) - Math.min(...values)))
  const range = [Math.min(...values) - margin, Math.max(...values) + margin] as const
  const left = 112
  const width = 480
  const line = 18
  const bottom = 24 + rows.length * line
  const x = (value: number) => left + ((value - range[0]) / (range[1] - range[0])) * (width - left - 12)
  const shapes: Shape[] = [text(4, 12, title, { size: 9, weight: 'bold' })]
  for (const tick of ticks(...range).filter(tick => tick >= range[0] && tick <= range[1])) {
    shapes.push(rule([x(tick), 22], [x(tick), bottom]))
    shapes.push(text(x(tick), bottom + 11, short(tick), { anchor: 'middle', size: 7, fill: MUTED }))
  }
  rows.forEach(({ label, estimate, low, high, mark }, i) => {
    const y = 24 + (i + 0.5) * line
    shapes.push(text(left - 8, y + 3, label, { anchor: 'end' }))
    const between = (from: Point, to: Point, stroke: string, thick: number): Shape => ({
      ...{ kind: 'line', points: [from, to], stroke, width: thick }
    })
    if (low !== null && high !== null) shapes.push(between([x(low), y], [x(high), y], INK, 1))
    if (mark !== undefined) shapes.push(between([x(mark), y - 6], [x(mark), y + 6], '#d55e00', 1.6))
    shapes.push({ kind: 'circle', x: x(estimate), y, radius: 2.8, fill: '#0072b2' })
  })
  shapes.push(text((left + width) / 2, bottom + 24, xLabel, { anchor: 'middle' }))
  if (markLabel !== null && rows.some(({ mark }) => mark !== undefined)) {
    shapes.push({
      ...{ kind: 'line', stroke: '#d55e00', width: 1.6 },
      points: [
        [8, bottom + 36],
        [8, bottom + 44]
      ]
    })
    shapes.push(text(14, bottom + 43, markLabel, { size: 7, fill: MUTED }))
  }
  return { title, width, height: bottom + 50, shapes }
}

const isNumber = (value: number | null | undefined): value is number => typeof value === 'number'

function rule(from: Point, to: Point): Shape & { kind: 'line' } {
  return { kind: 'line', points: [from, to], stroke: RULE, width: 0.6 }
}

function shade(share: number, right: boolean): string {
  const full = right ? [0, 88, 145] : [170, 68, 0]
  const mixed = full.map(part => Math.round(255 + (part - 255) * share))
  return `rgb(${mixed.join(', ')})`
}

const within = (value: number, [low, high]: readonly [number, number]) => Math.min(high, Math.max(low, value))
const short = (value: number) => String(Math.round(value * 1000) / 1000)

/** Round numbers between two ends, about five. */
function ticks(low: number, high: number): number[] {
  const raw = (high - low) / 5
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 2.5, 5, 10].map(factor => factor * power).find(candidate => candidate >= raw)!
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step)
}
