/** Keeps the places of the smallest distances seen, without keeping the others. */
export function createNearest(count: number) {
  /** Ascending by distance. */
  const kept: { place: number; distance: number }[] = []
  return {
    offer(place: number, distance: number): void {
      if (kept.length === count && distance >= kept[count - 1]!.distance) return
      let at = kept.length
      while (at > 0 && kept[at - 1]!.distance > distance) at--
      kept.splice(at, 0, { place, distance })
      if (kept.length > count) kept.pop()
    },
    result: () => kept
  }
}
