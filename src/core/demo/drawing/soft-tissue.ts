import { createRandom } from '../../foundation'
import type { FilmSpec, Side } from '../film-spec'
import type { Frame } from './frame'
import { createLungTissue, type LungTissue } from './lungs'
import type { Mediastinum } from './mediastinum'
import { createProfile, smoothstep, type Profile } from './profile'
import type { Textures } from './texture'
import { vertebraLevel, type Thorax } from './thorax'

/** Film pixels per sample of soft tissue: its borders are blurred by breathing and heartbeat anyway. */
export const SOFT_STEP = 4

/** Soft tissue, lungs and gas on a grid coarser than the film by SOFT_STEP. Lengths are template millimetres along the beam. */
export interface SoftTissue {
  columns: number
  rows: number
  /** Soft tissue that attenuates as much as everything but bone, tubes and metal. */
  path: Float32Array
  /** Aerated lung, free air left out. */
  lung: Float32Array
  /** Density of the lung against soft tissue. */
  density: Float32Array
  /** Thickness of the reticulogranular pattern, one deviation. */
  granules: Float32Array
}

/** Index of the sample at a film pixel. */
export function softIndex(soft: SoftTissue, column: number, row: number): number {
  return ((row / SOFT_STEP) | 0) * soft.columns + ((column / SOFT_STEP) | 0)
}

interface Capsule {
  x: number
  y: number
  dx: number
  dy: number
  length: number
  radius: number
}

interface Gas {
  x: number
  y: number
  /** Square of the distance within which it lies. */
  reach: number
  /** Cosine and sine of its tilt over its radius along and across. */
  cosX: number
  sinX: number
  cosY: number
  sinY: number
  depth: number
}

function layBowelGas(spec: FilmSpec, thorax: Thorax): Gas[] {
  const random = createRandom(spec.anatomy.seed, 'bowel').fork(String(spec.devices.seed % 7))
  const gas: Gas[] = []
  const add = (x: number, y: number, radiusX: number, radiusY: number, tilt: number, depth: number) =>
    gas.push({
      x,
      y,
      reach: Math.max(radiusX, radiusY) ** 2,
      cosX: Math.cos(tilt) / radiusX,
      sinX: Math.sin(tilt) / radiusX,
      cosY: Math.cos(tilt) / radiusY,
      sinY: Math.sin(tilt) / radiusY,
      depth
    })
  const bubble = random.between(0.5, 1.15)
  add(
    25 + random.between(-4, 5),
    thorax.dome.left + 10 + 7 * bubble,
    15 * bubble,
    8.5 * bubble,
    random.between(-0.5, 0.1),
    13 * bubble
  )
  const loops = random.integer(9, 22)
  for (let i = 0; i < loops; i++) {
    const y = random.between(vertebraLevel(12.6), vertebraLevel(18))
    const x = random.between(-46, 50)
    // The liver keeps the right upper abdomen free of gas.
    if (x < 8 && y < vertebraLevel(13.5) - x * 0.35) continue
    const radius = random.between(3.6, 7.5)
    add(
      x,
      y,
      radius * random.between(1, 1.9),
      radius,
      random.between(-1.2, 1.2),
      radius * random.between(0.8, 1.3)
    )
  }
  return gas
}

function layArms(spec: FilmSpec): Capsule[] {
  return (['right', 'left'] as const).map(side => {
    const angle = side === 'right' ? spec.pose.armRight : spec.pose.armLeft
    const sign = side === 'right' ? -1 : 1
    return {
      x: sign * 52,
      y: -36 - 5 * Math.max(0, Math.sin(angle - Math.PI / 2)),
      dx: sign * Math.sin(angle),
      dy: Math.cos(angle),
      length: 95,
      radius: 14 + spec.anatomy.chestWall * 0.35
    }
  })
}

let kept: Float32Array[] = []

/** Four cleared grids on memory kept from the film before: one film is drawn at a time. */
function reuseGrids(length: number): [Float32Array, Float32Array, Float32Array, Float32Array] {
  if (kept.length === 0 || kept[0]!.length < length)
    kept = Array.from({ length: 4 }, () => new Float32Array(length))
  return kept.map(grid => grid.subarray(0, length).fill(0)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array
  ]
}

/** Chord of a rounded slab: 1 in the middle, 0 at the edge. */
function slab(u: number): number {
  const a = u < 0 ? -u : u
  return a >= 1 ? 0 : Math.sqrt(1 - a * a * Math.sqrt(a))
}

/** What a sample is made from, the same for a whole film. */
export interface Setting {
  spec: FilmSpec
  thorax: Thorax
  heart: Mediastinum
  bodyWidth: Profile
  bodyDepth: Profile
  arms: Capsule[]
  gas: Gas[]
  /** Where the spine is seen: the lungs meet there. */
  back: number
  /** Below this level there is no lung. */
  lowest: number
  headY: number
}

export function settingOf(spec: FilmSpec, thorax: Thorax, heart: Mediastinum): Setting {
  const wall = spec.anatomy.chestWall
  const wide = spec.anatomy.thoraxWidth
  return {
    spec,
    thorax,
    heart,
    bodyWidth: createProfile([
      [-66, 19],
      [-57, 20.5],
      [-52, 27],
      [-47, 43],
      [-40, 53],
      [-30, 52 * wide + wall * 0.3],
      [-14, 48 * wide + wall],
      [6, 51.5 * wide + wall],
      [28, 55.5 * wide + wall],
      [50, 57.5 * wide + wall],
      [75, 57.5 * wide + wall],
      [100, 55 * wide + wall],
      [130, 50 * wide + wall]
    ]),
    bodyDepth: createProfile([
      [-66, 19],
      [-55, 21],
      [-46, 27],
      [-34, 34],
      [-10, 41],
      [20, 45],
      [60, 45],
      [110, 44]
    ]),
    arms: layArms(spec),
    gas: layBowelGas(spec, thorax),
    back: thorax.shift(-24),
    lowest: Math.max(thorax.dome.right, thorax.dome.left) + 26,
    headY: spec.pose.chin - 36
  }
}

// The functions below run for every sample: each is short, and compiled by itself.

/** Thickness of trunk, arm or head, whichever is thickest, lungs and gas included. */
function bodyAt({ spec, bodyWidth, bodyDepth, arms, headY }: Setting, x: number, y: number): number {
  let body = 2 * bodyDepth.at(y) * slab(x / bodyWidth.at(y))
  if (x < -36 || x > 36) {
    const arm = x < 0 ? arms[0]! : arms[1]!
    const px = x - arm.x
    const py = y - arm.y
    const along = Math.min(arm.length, Math.max(0, px * arm.dx + py * arm.dy))
    const ox = px - along * arm.dx
    const oy = py - along * arm.dy
    const radius = arm.radius * (1 - 0.0016 * along)
    const squared = ox * ox + oy * oy
    if (squared < radius * radius) body = Math.max(body, 2 * Math.sqrt(radius * radius - squared))
  }
  if (y < spec.pose.chin) {
    const hx = x / 37
    const hy = (y - headY) / 36
    const q = hx * hx + hy * hy
    if (q < 1) body = Math.max(body, 86 * Math.sqrt(1 - q)) + 12 * Math.sqrt(1 - q)
  }
  return body
}

const DOME_HEIGHT = 20

/** Thickness of the lung on `side`, free air in it included; 0 or less where there is none. */
export function lungAt({ spec, thorax, heart, back }: Setting, side: Side, x: number, y: number): number {
  const width = thorax.halfWidth.at(y)
  const u = x / width
  if (u <= -1 || u >= 1) return 0
  let chord = 2 * thorax.halfDepth.at(y) * Math.sqrt(1 - u * u)
  // Lungs wrap round the spine; the pleural domes close over the apices.
  chord *= 0.12 + 0.88 * smoothstep(2, 15, Math.abs(x - back - heart.displacement * 0.4))
  if (y < thorax.apex + 15) {
    const dy = (thorax.apex + 15 - y) / 15.5
    const dx = (Math.abs(x) - 16.5) / 15
    chord *= dy >= 1 ? 0 : Math.sqrt(Math.max(0, 1 - dy * dy - (dx > 0 ? 0 : dx * dx)))
  }
  if (x > -60 && x < 60) chord -= heart.thickness(x, y)
  const below = y - thorax.diaphragmLevel(side, x)
  if (below > 0) {
    const t = below >= DOME_HEIGHT ? 0 : 1 - below / DOME_HEIGHT
    chord *= 1 - Math.sqrt(1 - t * t)
  }
  const fluid = spec.lungs.pleuralFluid
  if (fluid > 0) {
    // A layer of fluid along the chest wall, seen edge-on, thicker in the costophrenic angle.
    const inset = (1 - Math.abs(u)) * width
    if (inset < fluid * (0.6 + 1.6 * smoothstep(-10, 25, y))) chord *= 0.25
  }
  return chord
}

/** Thickness of the gas in stomach and bowel: that of the loop with most. */
function gasAt(gas: readonly Gas[], x: number, y: number): number {
  let most = 0
  for (const loop of gas) {
    const px = x - loop.x
    const py = y - loop.y
    if (px * px + py * py >= loop.reach) continue
    const u = px * loop.cosX + py * loop.sinX
    const v = py * loop.cosY - px * loop.sinY
    const q = u * u + v * v
    if (q >= 1) continue
    const chord = 2 * loop.depth * Math.sqrt(1 - q)
    if (chord > most) most = chord
  }
  return most
}

/** Bowel lies below this level. */
const BOWEL_TOP = 22

export function laySoftTissue(
  spec: FilmSpec,
  frame: Frame,
  thorax: Thorax,
  heart: Mediastinum,
  textures: Textures
): SoftTissue {
  const columns = Math.ceil(frame.columns / SOFT_STEP) + 2
  const rows = Math.ceil(frame.rows / SOFT_STEP) + 2
  const [path, lung, density, granules] = reuseGrids(columns * rows)
  const soft: SoftTissue = { columns, rows, path, lung, density, granules }
  const setting = settingOf(spec, thorax, heart)
  const tissueAt = createLungTissue(spec, thorax, heart, textures)
  for (let row = 0; row < rows; row++) layRow(soft, row, frame, setting, tissueAt)
  return soft
}

const tissue: LungTissue = { density: 0, aerated: 1 }

function layRow(
  { columns, path, lung, density, granules }: SoftTissue,
  row: number,
  frame: Frame,
  setting: Setting,
  tissueAt: (side: Side, x: number, y: number, result: LungTissue) => LungTissue
): void {
  const { thorax, back, lowest, gas } = setting
  const grain = 0.012 + 0.085 * setting.spec.lungs.granularity
  const stepX = frame.toX(SOFT_STEP, 0) - frame.toX(0, 0)
  const stepY = frame.toY(SOFT_STEP, 0) - frame.toY(0, 0)
  let x = frame.toX(0, row * SOFT_STEP)
  let y = frame.toY(0, row * SOFT_STEP)
  for (let column = 0; column < columns; column++, x += stepX, y += stepY) {
    let body = bodyAt(setting, x, y)
    if (body === 0) continue
    const at = row * columns + column
    if (y > thorax.apex - 4 && y < lowest) {
      const side: Side = x < back ? 'right' : 'left'
      const chord = lungAt(setting, side, x, y)
      if (chord > 0.3) {
        tissueAt(side, x, y, tissue)
        lung[at] = chord * tissue.aerated
        density[at] = tissue.density
        granules[at] = chord * tissue.aerated * grain * (1.05 - tissue.density)
        body -= chord * (1 - tissue.density)
      }
    }
    path[at] = y > BOWEL_TOP ? body - gasAt(gas, x, y) : body
  }
}
