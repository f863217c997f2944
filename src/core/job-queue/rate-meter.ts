/** Speed is told over this window: long enough to be calm, short enough to follow the disk. */
const WINDOW_MS = 5000
const SAMPLE_EVERY_MS = 100
/** No speed is told before this much time has been seen. */
const WARM_UP_MS = 500

export interface RateMeter {
  /** @returns items per second over the last seconds, or null while too little is known */
  update(step: string, done: number, now: number): number | null
}

/** Measures speed in a sliding window that starts anew with every step. */
export function createRateMeter(): RateMeter {
  let currentStep: string | null = null
  let samples: { at: number; done: number }[] = []

  return {
    update(step, done, now) {
      const last = samples.at(-1)
      if (step !== currentStep || (last && done < last.done)) {
        currentStep = step
        samples = [{ at: now, done }]
        return null
      }
      if (!last || now - last.at >= SAMPLE_EVERY_MS) samples.push({ at: now, done })
      while (samples.length > 2 && now - samples[1]!.at >= WINDOW_MS) samples.shift()
      const first = samples[0]!
      const elapsed = now - first.at
      return elapsed < WARM_UP_MS ? null : ((done - first.done) * 1000) / elapsed
    }
  }
}
