/** Adds up the time that it runs; paused while the film is out of sight or the window in the background. */
export function createStopWatch(now: () => number = () => performance.now()) {
  let gathered = 0
  let since: number | null = null
  let ran = false

  function run(on: boolean): void {
    if (on === (since !== null)) return
    if (since !== null) gathered += now() - since
    since = on ? now() : null
    ran ||= on
  }

  return {
    run,
    /** Seconds so far; null where it never ran. */
    seconds: () => (ran ? (gathered + (since === null ? 0 : now() - since)) / 1000 : null),
    /** @param seconds that it has run for already */
    reset(seconds: number | null = null) {
      gathered = (seconds ?? 0) * 1000
      ran = seconds !== null || since !== null
      if (since !== null) since = now()
    }
  }
}
