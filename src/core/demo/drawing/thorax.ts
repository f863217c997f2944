import type { FilmSpec, Side } from '../film-spec'
import { createProfile, type Profile } from './profile'

/** Level of the first thoracic vertebra and distance between vertebrae, template millimetres. */
const FIRST_VERTEBRA = -43
const VERTEBRA_PITCH = 9.4

/** Level of the n-th thoracic vertebra; fractions lie between. */
export function vertebraLevel(n: number): number {
  return FIRST_VERTEBRA + VERTEBRA_PITCH * (n - 1)
}

/** Half-width and half-depth of the loop of each rib, and its slope over the infant's own, ribs 1 to 12. */
const RIB_HALF_WIDTH = [21, 31.5, 39, 44, 48, 51, 53, 54.5, 55, 53.5, 49, 40]
const RIB_HALF_DEPTH = [15, 22, 27, 31, 34, 36.5, 38.5, 39.5, 40, 39.5, 38, 36]
const RIB_EXTRA_SLOPE = [0.22, 0.14, 0.08, 0.03, 0, 0, 0.01, 0.03, 0.07, 0.14, 0.26, 0.36]
/** Angle round the loop at which bone gives way to cartilage, degrees from the spine. */
const RIB_END_DEGREES = [128, 134, 138, 140, 139, 136, 132, 126, 118, 108, 86, 62]

/** A point of a rib's axis and how long the beam stays in it, against a rib lying flat. */
export interface RibPoint {
  x: number
  y: number
  obliquity: number
  /** 0 at the spine, 1 at the cartilage. */
  along: number
}

export interface Thorax {
  /** Half-width and half-depth of the space inside the ribs at a level. */
  halfWidth: Profile
  halfDepth: Profile
  apex: number
  /** Level of the dome's top; sideways it falls away by `diaphragmLevel`. */
  dome: Record<Side, number>
  diaphragmLevel(side: Side, x: number): number
  rib(number: number, side: Side): RibPoint[]
  /** Sideways shift on the film of something that lies `z` in front of the body's middle. */
  shift(z: number): number
}

export function createThorax(spec: FilmSpec): Thorax {
  const { anatomy, pose, lungs } = spec
  const width = anatomy.thoraxWidth * (1 + 0.02 * (lungs.inflation - 8.5))
  // Overinflated lungs lift the ribs.
  const slope = anatomy.ribSlope - 0.035 * (lungs.inflation - 8.5)
  const sine = Math.sin(pose.rotation)
  const shift = (z: number) => z * sine

  function rib(number: number, side: Side): RibPoint[] {
    const i = number - 1
    const halfWidth = RIB_HALF_WIDTH[i]! * width
    const halfDepth = RIB_HALF_DEPTH[i]!
    const tilt = Math.tan(slope + RIB_EXTRA_SLOPE[i]!)
    const sign = side === 'right' ? -1 : 1
    const start = Math.asin(7.5 / halfWidth)
    const end = (RIB_END_DEGREES[i]! * Math.PI) / 180
    const origin = vertebraLevel(number) - 0.5
    const rise = number < 10 ? 4.2 : 1.5
    const place = (t: number) => {
      const angle = start + (end - start) * t
      // Flattened ellipse: newborn ribs leave the spine nearly straight and turn sharply at the side.
      const s = Math.sin(angle)
      const lateral = halfWidth * s * (1 - 0.12 * (1 - s) * s)
      const z = -halfDepth * Math.cos(angle)
      return {
        x: sign * lateral + shift(z),
        y: origin + (z + halfDepth) * tilt - rise * Math.sin(Math.min(Math.PI, angle * 1.7)),
        z
      }
    }
    const steps = 44
    const points: RibPoint[] = []
    for (let k = 0; k <= steps; k++) {
      const t = k / steps
      const here = place(t)
      const before = place(Math.max(0, t - 0.01))
      const after = place(Math.min(1, t + 0.01))
      const flat = Math.hypot(after.x - before.x, after.y - before.y)
      const whole = Math.hypot(flat, after.z - before.z)
      points.push({ x: here.x, y: here.y, along: t, obliquity: Math.min(2.6, whole / Math.max(1e-6, flat)) })
    }
    return points
  }

  const levels = RIB_HALF_WIDTH.map((half, i) => {
    const y = vertebraLevel(i + 1) + RIB_HALF_DEPTH[i]! * Math.tan(slope + RIB_EXTRA_SLOPE[i]!) - 1
    return { y, half: half * width - 1.6, depth: RIB_HALF_DEPTH[i]! - 1.5 }
  })
  const apex = vertebraLevel(1) - 1.5
  const inside = levels.slice(1, 10)
  const lowest = inside[inside.length - 1]!
  const halfWidth = createProfile([
    [apex - 4, 12],
    [apex, 17],
    [apex + 2.5, 22],
    ...inside.map(level => [level.y, level.half] as const),
    [lowest.y + 14, lowest.half - 1],
    [lowest.y + 40, lowest.half - 8]
  ])
  const halfDepth = createProfile([
    [apex - 4, 6],
    [apex + 2, 13],
    ...inside.map(level => [level.y, level.depth] as const),
    [lowest.y + 40, 36]
  ])

  const right = vertebraLevel(lungs.inflation)
  const flattening = Math.max(0.45, 1 - 0.22 * Math.max(0, lungs.inflation - 9))
  const push = lungs.pneumothorax ? 7 * lungs.pneumothorax.size : 0
  const dome: Record<Side, number> = {
    right: right + (lungs.pneumothorax?.side === 'right' ? push : 0),
    left: right + 3 + (lungs.pneumothorax?.side === 'left' ? push : 0)
  }
  const collapsed = lungs.atelectasis
  if (collapsed) {
    const side = collapsed.lobe.startsWith('R') ? 'right' : 'left'
    dome[side] -= 5 * collapsed.degree
  }
  return {
    halfWidth,
    halfDepth,
    apex,
    dome,
    rib,
    shift,
    diaphragmLevel(side, x) {
      const distance = Math.abs(x) - 25
      const reach = distance < 0 ? 23 : 27
      const fall = distance < 0 ? 6 : 15
      const deep = lungs.pneumothorax?.side === side && distance > 0 ? 1 + 0.9 * lungs.pneumothorax.size : 1
      return dome[side] + fall * flattening * deep * (distance / reach) ** 2
    }
  }
}
