import { ref } from 'vue'
import { isAborted, toProblem } from '../api-client'
import type { Problem } from '../api-client'

/** What went wrong last, and the way of a store to ask the core for something, which keeps it. */
export function useAttempt() {
  const problem = ref<Problem | null>(null)
  let failures = 0

  /**
   * @returns whether the work came through. What went wrong is in `problem` until something else comes through; what failed
   * meanwhile, such as an attempt that is part of this one, stays there; what was given up on purpose is no failure.
   */
  async function attempt(work: () => Promise<void>): Promise<boolean> {
    const before = failures
    try {
      await work()
      if (failures === before) problem.value = null
      return true
    } catch (error) {
      if (isAborted(error)) return false
      failures += 1
      problem.value = toProblem(error)
      return false
    }
  }

  return { problem, attempt }
}
