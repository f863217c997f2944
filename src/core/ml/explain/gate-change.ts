/** How two gates differ, small enough to be drawn. */
export interface GateChange {
  channels: number
  /** Differences (now - before) in descending order at evenly spaced ranks, first and last among them. */
  sorted: number[]
  meanAbsolute: number
  /** Share of channels that differ by MOVED or more. */
  moved: number
}

/** A gate value lies between 0 and 1; a hundredth is the least that shows. */
const MOVED = 0.01

/**
 * @param before,now gate values of the same channels
 * @param ranks how many ranks are kept, from 2
 */
export function gateChange(before: Float32Array, now: Float32Array, ranks: number): GateChange {
  const channels = now.length
  const differences = now.map((value, channel) => value - before[channel]!)
  const ordered = Float32Array.from(differences).sort().reverse()
  const kept = Math.min(ranks, channels)
  const sorted = Array.from(
    { length: kept },
    (_, rank) => ordered[Math.round((rank * (channels - 1)) / Math.max(1, kept - 1))]!
  )
  let total = 0
  let moved = 0
  for (const difference of differences) {
    total += Math.abs(difference)
    if (Math.abs(difference) >= MOVED) moved++
  }
  return { channels, sorted, meanAbsolute: total / channels, moved: moved / channels }
}
