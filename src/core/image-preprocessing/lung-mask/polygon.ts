export interface Point {
  x: number
  y: number
}

/** Area of a closed polygon. */
export function polygonArea(points: readonly Point[]): number {
  let twice = 0
  points.forEach((a, i) => {
    const b = points[(i + 1) % points.length]!
    twice += a.x * b.y - b.x * a.y
  })
  return Math.abs(twice) / 2
}

/** Centre of gravity of a closed polygon's area. */
export function centroid(points: readonly Point[]): Point {
  let twice = 0
  let x = 0
  let y = 0
  points.forEach((a, i) => {
    const b = points[(i + 1) % points.length]!
    const cross = a.x * b.y - b.x * a.y
    twice += cross
    x += (a.x + b.x) * cross
    y += (a.y + b.y) * cross
  })
  return { x: x / (3 * twice), y: y / (3 * twice) }
}

/** Calls `span` with each run of pixels [from, to) of a row whose centres lie inside a closed polygon (even-odd). */
export function polygonSpans(
  points: readonly Point[],
  rows: number,
  columns: number,
  span: (row: number, from: number, to: number) => void
): void {
  const first = Math.max(0, Math.floor(Math.min(...points.map(({ y }) => y))))
  const last = Math.min(rows - 1, Math.ceil(Math.max(...points.map(({ y }) => y))))
  for (let row = first; row <= last; row++) {
    const y = row + 0.5
    const crossings: number[] = []
    points.forEach((a, i) => {
      const b = points[(i + 1) % points.length]!
      if (a.y <= y !== b.y <= y) crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x))
    })
    crossings.sort((a, b) => a - b)
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i]! - 0.5))
      const to = Math.min(columns, Math.ceil(crossings[i + 1]! - 0.5))
      if (to > from) span(row, from, to)
    }
  }
}
