/**
 * Seeded random numbers, counter-based: value i of a named stream is a hash of (seed, stream, i), so that the same
 * numbers can be made in any order and in any language (test/golden/counter_random.py is the NumPy twin).
 */

/** 32-bit finaliser of MurmurHash3 (Austin Appleby, public domain). */
function mix(h: number): number {
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** FNV-1a over UTF-8 bytes, 32 bits. */
export function hashName(name: string): number {
  let h = 0x811c9dc5
  for (const byte of new TextEncoder().encode(name)) h = Math.imul(h ^ byte, 0x01000193)
  return h >>> 0
}

/** 32 uniform bits: element `index` of stream `stream` under `seed`. */
export function randomBits(seed: number, stream: number, index: number): number {
  return mix((mix((mix(seed >>> 0) ^ stream) >>> 0) ^ Math.imul(index >>> 0, 0x9e3779b1)) >>> 0)
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform in [low, high). */
  between(low: number, high: number): number
  /** Uniform integer in [low, high], both included. */
  integer(low: number, high: number): number
  /** Normal by Box-Muller. */
  normal(mean?: number, sd?: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  shuffle<T>(items: readonly T[]): T[]
  /** An independent generator, so that adding draws in one place does not change another. */
  fork(name: string): Random
}

export function createRandom(seed: number, name = ''): Random {
  const stream = hashName(name)
  let index = 0
  const next = () => randomBits(seed, stream, index++) / 2 ** 32
  const random: Random = {
    next,
    between: (low, high) => low + (high - low) * next(),
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    normal: (mean = 0, sd = 1) =>
      mean + sd * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    chance: probability => next() < probability,
    pick: items => {
      if (items.length === 0) throw new RangeError('pick: no items')
      return items[Math.floor(next() * items.length)]!
    },
    shuffle: items => {
      const shuffled = [...items]
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = Math.floor(next() * (i + 1))
        ;[shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!]
      }
      return shuffled
    },
    fork: child => createRandom(seed, `${name}/${child}`)
  }
  return random
}
