/** Value below which a share of the values lies, linear between neighbours, as numpy's default. @param sorted ascending, not empty */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1)
  const low = Math.floor(place)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (place - low)
}

/** Share of the values below `value`, ties counted half. @param sorted ascending, not empty */
export function percentileRank(sorted: ArrayLike<number>, value: number): number {
  let below = 0
  let equal = 0
  for (let i = 0; i < sorted.length; i++) {
    if (sorted[i]! < value) below++
    else if (sorted[i] === value) equal++
  }
  return (below + equal / 2) / sorted.length
}
