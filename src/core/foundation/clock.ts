/** Time as the core sees it; tests inject a fixed one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** ISO 8601, UTC, milliseconds. */
  timestamp(): string
}

export const systemClock: Clock = {
  now: () => Date.now(),
  timestamp: () => new Date().toISOString()
}
