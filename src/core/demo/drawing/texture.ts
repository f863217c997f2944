import { createRandom, type Random } from '../../foundation'

/** Square tile that repeats without a seam; zero mean and unit deviation unless told otherwise. */
export interface Tile {
  size: number
  values: Float32Array
}

/** Box blur of radius `radius` along rows and columns, wrapping round; three passes come close to a Gaussian. */
function blurWrapped(tile: Float32Array, size: number, radius: number, passes = 3): Float32Array {
  let from: Float32Array = tile
  let to: Float32Array = new Float32Array(tile.length)
  const norm = 1 / (2 * radius + 1)
  const mask = size - 1
  for (let pass = 0; pass < passes * 2; pass++) {
    const along = pass % 2 === 0 ? 1 : size
    const across = pass % 2 === 0 ? size : 1
    for (let line = 0; line < size; line++) {
      const base = line * across
      let sum = 0
      for (let k = -radius; k <= radius; k++) sum += from[base + (k & mask) * along]!
      for (let i = 0; i < size; i++) {
        to[base + i * along] = sum * norm
        sum += from[base + ((i + radius + 1) & mask) * along]! - from[base + ((i - radius) & mask) * along]!
      }
    }
    const swap = from === tile ? new Float32Array(tile.length) : from
    from = to
    to = swap
  }
  return from
}

function normalise(values: Float32Array): Float32Array {
  let mean = 0
  for (let i = 0; i < values.length; i++) mean += values[i]!
  mean /= values.length
  let variance = 0
  for (let i = 0; i < values.length; i++) variance += (values[i]! - mean) ** 2
  const gain = 1 / Math.sqrt(variance / values.length)
  for (let i = 0; i < values.length; i++) values[i] = (values[i]! - mean) * gain
  return values
}

function weightedSum(p: number, a: Float32Array, q: number, b: Float32Array): Float32Array {
  const sum = new Float32Array(a.length)
  for (let i = 0; i < sum.length; i++) sum[i] = p * a[i]! + q * b[i]!
  return sum
}

function white(size: number, random: Random): Float32Array {
  const values = new Float32Array(size * size)
  for (let i = 0; i < values.length; i++) values[i] = random.next() - 0.5
  return values
}

/** Noise whose grain lies between two blur radii, in pixels of the tile. */
function band(size: number, random: Random, fine: number, coarse: number): Float32Array {
  const noise = white(size, random)
  const kept = blurWrapped(noise, size, fine)
  const removed = blurWrapped(noise, size, coarse)
  return normalise(weightedSum(1, kept, -1, removed))
}

/** Sum of octaves, each twice as coarse as the one before; `roughness` is the gain from coarse to fine. */
function octaves(size: number, random: Random, radii: readonly number[], roughness: number): Float32Array {
  const sum = new Float32Array(size * size)
  let gain = 1
  for (const radius of radii) {
    const octave = normalise(blurWrapped(white(size, random), size, radius))
    for (let i = 0; i < sum.length; i++) sum[i]! += gain * octave[i]!
    gain *= roughness
  }
  return normalise(sum)
}

/**
 * Rounded cysts of mixed size packed side by side with bright walls: 1 on a wall, down to -1 in the middle of a cyst
 * (not normalised). Distance to the nearest and second-nearest seed of a jittered grid.
 */
function cells(size: number, random: Random, perSide: number): Float32Array {
  const cell = size / perSide
  const seeds = Array.from({ length: perSide * perSide }, (_, i) => ({
    x: ((i % perSide) + 0.5 + random.between(-0.45, 0.45)) * cell,
    y: (Math.floor(i / perSide) + 0.5 + random.between(-0.45, 0.45)) * cell,
    weight: random.between(0, 0.5) * cell
  }))
  const values = new Float32Array(size * size)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const column = Math.floor(x / cell)
      const row = Math.floor(y / cell)
      let first = Infinity
      let second = Infinity
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const seed =
            seeds[((row + dy + perSide) % perSide) * perSide + ((column + dx + perSide) % perSide)]!
          let offsetX = Math.abs(x - seed.x)
          let offsetY = Math.abs(y - seed.y)
          if (offsetX > size / 2) offsetX = size - offsetX
          if (offsetY > size / 2) offsetY = size - offsetY
          const distance = Math.sqrt(offsetX * offsetX + offsetY * offsetY) - seed.weight
          if (distance < first) {
            second = first
            first = distance
          } else if (distance < second) second = distance
        }
      }
      values[y * size + x] = 1 - 2 * Math.min(1, (second - first) / (0.45 * cell))
    }
  }
  return blurWrapped(values, size, 2, 2)
}

/** Thin bright threads where a smooth noise crosses zero. */
function threads(size: number, random: Random, radius: number, width: number): Float32Array {
  const noise = normalise(blurWrapped(white(size, random), size, radius))
  for (let i = 0; i < noise.length; i++) noise[i] = Math.exp(-((noise[i]! / width) ** 2))
  return normalise(noise)
}

export interface Textures {
  /** Detector grain, per pixel, slightly correlated between neighbours. */
  grain: Tile
  /** Reticulogranular: grains of about 6 pixels joined into a fine net. */
  granules: Tile
  /** Clouds of many sizes. */
  clouds: Tile
  /** Cysts with walls, -1..1, 20 to the side. */
  cysts: Tile
  /** Irregular threads of connective tissue. */
  strands: Tile
}

let made: Textures | null = null

/** The textures every film is woven from; the same in every process, made once in each (about 0.3 s). */
export function textures(): Textures {
  if (made) return made
  const random = createRandom(20250301, 'demo-textures')
  const grain = white(512, random.fork('grain'))
  const soft = blurWrapped(grain, 512, 1, 1)
  const granules = band(512, random.fork('granules'), 1, 3)
  const net = threads(512, random.fork('net'), 2, 0.55)
  const strands = threads(512, random.fork('strands'), 7, 0.16)
  const fineStrands = threads(512, random.fork('fine-strands'), 4, 0.22)
  made = {
    grain: { size: 512, values: normalise(weightedSum(0.55, grain, 1.2, soft)) },
    granules: { size: 512, values: normalise(weightedSum(1, granules, 0.7, net)) },
    clouds: { size: 256, values: octaves(256, random.fork('clouds'), [16, 8, 4, 2], 0.6) },
    cysts: { size: 512, values: cells(512, random.fork('cysts'), 20) },
    strands: { size: 512, values: normalise(weightedSum(1, strands, 0.6, fineStrands)) }
  }
  return made
}

/** Bilinear value of a tile at any position, in tile pixels. */
export function sampleTile(tile: Tile, x: number, y: number): number {
  const mask = tile.size - 1
  const column = Math.floor(x)
  const row = Math.floor(y)
  const fx = x - column
  const fy = y - row
  const c0 = column & mask
  const c1 = (column + 1) & mask
  const r0 = (row & mask) * tile.size
  const r1 = ((row + 1) & mask) * tile.size
  const v = tile.values
  return (
    (v[r0 + c0]! * (1 - fx) + v[r0 + c1]! * fx) * (1 - fy) + (v[r1 + c0]! * (1 - fx) + v[r1 + c1]! * fx) * fy
  )
}
