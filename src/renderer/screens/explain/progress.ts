import type { JobProgress } from '../../../contract'

/** Progress of what is asked for step by step, from how long the steps have taken so far. @param since performance.now() */
export function progressOf(done: number, total: number, since: number, now = performance.now()): JobProgress {
  const seconds = (now - since) / 1000
  const perSecond = done > 0 && seconds > 0 ? done / seconds : null
  return {
    done,
    total,
    step: '',
    perSecond,
    secondsLeft: perSecond === null ? null : (total - done) / perSecond
  }
}
