export interface Point {
  x: number
  y: number
}

/** Smallest and largest y; null where there is no point. */
export function extentOfY(points: readonly Point[]): [number, number] | null {
  if (points.length === 0) return null
  let low = Infinity
  let high = -Infinity
  for (const { y } of points) {
    if (y < low) low = y
    if (y > high) high = y
  }
  return [low, high]
}

/** About `count` round values (1, 2 or 5 times a power of ten apart) whose first and last enclose [low, high]. */
export function niceTicks(low: number, high: number, count: number): number[] {
  if (low === high) {
    const margin = low === 0 ? 1 : Math.abs(low) / 2
    return niceTicks(low - margin, high + margin, count)
  }
  const rough = (high - low) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find(factor => factor * power >= rough * 0.999) ?? 10)
  const first = Math.floor(low / step + 1e-9)
  const last = Math.ceil(high / step - 1e-9)
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12))
  )
}

/** [low, high] mapped linearly onto [from, to]. */
export function linearScale([low, high]: [number, number], [from, to]: [number, number]) {
  const factor = high === low ? 0 : (to - from) / (high - low)
  return (value: number) => from + (value - low) * factor
}

/**
 * Points for a line that is `columns` wide: of those that fall into one column only the lowest and the highest stay, so
 * that no peak is lost. Points are finite and in order of x.
 */
export function thin(points: readonly Point[], columns: number): readonly Point[] {
  if (points.length <= 2 * columns) return points
  const start = points[0]!.x
  const width = (points.at(-1)!.x - start) / columns
  const kept: Point[] = []
  for (let index = 0; index < points.length;) {
    const column = Math.floor((points[index]!.x - start) / width)
    let lowest = index
    let highest = index
    for (; index < points.length && Math.floor((points[index]!.x - start) / width) === column; index++) {
      if (points[index]!.y < points[lowest]!.y) lowest = index
      if (points[index]!.y > points[highest]!.y) highest = index
    }
    kept.push(points[Math.min(lowest, highest)]!)
    if (lowest !== highest) kept.push(points[Math.max(lowest, highest)]!)
  }
  return kept
}

/** The point nearest to x; null where there is none. Points are in order of x. */
export function nearest(points: readonly Point[], x: number): Point | null {
  let low = 0
  let high = points.length - 1
  if (high < 0) return null
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (points[middle]!.x < x) low = middle
    else high = middle
  }
  return Math.abs(points[low]!.x - x) <= Math.abs(points[high]!.x - x) ? points[low]! : points[high]!
}
