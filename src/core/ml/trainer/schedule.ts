export interface LearningRateSchedule {
  peak: number
  /** Steps over which the rate climbs linearly to its peak. */
  warmUpSteps: number
  /** null: stays at the peak; else falls as half a cosine to zero at this step. */
  cosineSteps: number | null
}

/** @param step t = 1, 2, ... */
export function learningRateAt(
  { peak, warmUpSteps, cosineSteps }: LearningRateSchedule,
  step: number
): number {
  if (step <= warmUpSteps) return (peak * step) / warmUpSteps
  if (cosineSteps === null) return peak
  const done = Math.min(1, (step - warmUpSteps) / Math.max(1, cosineSteps - warmUpSteps))
  return (peak * (1 + Math.cos(Math.PI * done))) / 2
}
