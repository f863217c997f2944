/**
 * Films (units) by readers: the class index that reader j gave film i, null where that reader did not read it. Rows have
 * one length.
 */
export type Ratings = readonly (readonly (number | null)[])[]

/** How often each class was given to one film: [classes]. */
export function countClasses(unit: readonly (number | null)[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const rating of unit) if (rating !== null) counts[rating]!++
  return counts
}

/** Two columns of a rating table side by side; films that lack one of the two stay in with a null. */
export function pairOf(ratings: Ratings, first: number, second: number): Ratings {
  return ratings.map(unit => [unit[first] ?? null, unit[second] ?? null])
}
