/**
 * Runs `work` at once, then at most once per `everyMs` however often it is asked; the last asking is always served.
 * `cancel` forgets what is still waiting.
 */
export function throttle(work: () => void, everyMs: number): { ask(): void; cancel(): void } {
  let timer: NodeJS.Timeout | null = null
  let again = false

  function serve(): void {
    again = false
    timer = setTimeout(() => {
      timer = null
      if (again) serve()
    }, everyMs)
    timer.unref()
    work()
  }

  return {
    ask() {
      if (timer) again = true
      else serve()
    },
    cancel() {
      if (timer) clearTimeout(timer)
      timer = null
      again = false
    }
  }
}
