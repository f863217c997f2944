import { createRandom } from '../../foundation'
import type { FilmSpec } from '../film-spec'
import { smoothstep } from './profile'
import { vertebraLevel, type Thorax } from './thorax'

/** An ellipsoid seen from the front: its thickness along the beam is `2 * depth` on its axis. */
interface Ellipsoid {
  x: number
  y: number
  radiusX: number
  radiusY: number
  tilt: number
  depth: number
}

/** The first of the parts make up the heart, without the great vessels behind it. */
const HEART_PARTS = 3
/** Numbers per ellipsoid: centre, cosine and sine of its tilt over each radius, thickness on its axis. */
const SHAPE_LENGTH = 7

/** Square of a point's distance from the centre of the ellipsoid at `shape`, in its radii. */
function squared(shapes: Float64Array, shape: number, x: number, y: number): number {
  const dx = x - shapes[shape]!
  const dy = y - shapes[shape + 1]!
  const u = dx * shapes[shape + 2]! + dy * shapes[shape + 3]!
  const v = dy * shapes[shape + 4]! - dx * shapes[shape + 5]!
  return u * u + v * v
}

export interface Mediastinum {
  /** Thickness along the beam at a point. */
  thickness(x: number, y: number): number
  /** Sideways displacement of heart and trachea, positive to the image's right. */
  displacement: number
  /** Distance-like measure from the heart's border: 0 at it, positive outside, in units of its size. */
  outside(x: number, y: number): number
}

/** Where loss of volume or air under tension pushes heart and trachea. */
function mediastinalShift(spec: FilmSpec): number {
  const { pneumothorax, atelectasis } = spec.lungs
  let shift = 0
  if (pneumothorax) shift += (pneumothorax.side === 'right' ? 1 : -1) * 11 * pneumothorax.size ** 1.5
  if (atelectasis) {
    const pull = atelectasis.lobe === 'left-lung' ? 12 : atelectasis.lobe.endsWith('LL') ? 4 : 3
    shift += (atelectasis.lobe.startsWith('R') ? -1 : 1) * pull * atelectasis.degree
  }
  return shift
}

export function createMediastinum(spec: FilmSpec, thorax: Thorax): Mediastinum {
  const { anatomy, lungs } = spec
  const random = createRandom(anatomy.seed, 'heart')
  const displacement = mediastinalShift(spec)
  const size = anatomy.heartSize * lungs.cardiomegaly
  const front = thorax.shift(14) + displacement
  const base = (thorax.dome.right + thorax.dome.left) / 2 + 1.5
  // The heart rests on the diaphragm: it is drawn out when that is low.
  const stretch = 1 + 0.05 * (lungs.inflation - 8.5)
  const heartY = base - 12.5 * size * stretch
  const apexTilt = 0.42 + random.between(-0.12, 0.12)
  const parts: Ellipsoid[] = [
    {
      x: front + 9.5 * size,
      y: heartY + 1,
      radiusX: 25 * size,
      radiusY: 17.5 * size * stretch,
      tilt: apexTilt,
      depth: 22 * size
    },
    {
      x: front - 8 * size,
      y: heartY - 1,
      radiusX: 14.5 * size,
      radiusY: 17 * size * stretch,
      tilt: 0.1,
      depth: 19 * size
    },
    { x: front + 4, y: heartY - 19, radiusX: 16, radiusY: 20, tilt: 0.15, depth: 17 },
    {
      x: thorax.shift(-5) + displacement * 0.5 + 0.5,
      y: vertebraLevel(2),
      radiusX: 12.5,
      radiusY: 30,
      tilt: 0,
      depth: 16
    }
  ]
  // Free air lifts the thymus off the heart and out to the sides.
  const air = lungs.pneumomediastinum
  const lift = 9 * air
  const thymusY = vertebraLevel(3.4) - lift
  const lobes: Ellipsoid[] = [
    {
      x: front - 7 - 5 * anatomy.thymusRight - 4 * air,
      y: thymusY,
      radiusX: 7 + 9 * anatomy.thymusRight,
      radiusY: 16 + 4 * anatomy.thymusRight - 6 * air,
      tilt: 0.18 + 0.5 * air,
      depth: 6 + 8 * anatomy.thymusRight + 4 * air
    },
    {
      x: front + 8 + 5 * anatomy.thymusLeft + 4 * air,
      y: thymusY - 1,
      radiusX: 7 + 9 * anatomy.thymusLeft,
      radiusY: 16 + 4 * anatomy.thymusLeft - 6 * air,
      tilt: -0.18 - 0.5 * air,
      depth: 6 + 8 * anatomy.thymusLeft + 4 * air
    }
  ]
  const shapes = Float64Array.from(
    [...parts, ...lobes].flatMap(({ x, y, radiusX, radiusY, tilt, depth }) => [
      x,
      y,
      Math.cos(tilt) / radiusX,
      Math.sin(tilt) / radiusX,
      Math.cos(tilt) / radiusY,
      Math.sin(tilt) / radiusY,
      2 * depth
    ])
  )
  const sail = anatomy.thymusSail
  const sailTop = thymusY - 6
  const sailBottom = vertebraLevel(5.2) - lift
  const sailReach = 13 + 15 * anatomy.thymusRight
  // Ripples where the ribs press on the thymus.
  const wave = random.between(0, 6)

  return {
    displacement,
    thickness(x, y) {
      let cubes = 0
      for (let shape = 0; shape < shapes.length; shape += SHAPE_LENGTH) {
        const q = squared(shapes, shape, x, y)
        if (q >= 1) continue
        const chord = shapes[shape + 6]! * Math.sqrt(1 - q)
        cubes += chord * chord * chord
      }
      if (sail > 0 && y > sailTop && y < sailBottom) {
        const fall = (y - sailTop) / (sailBottom - sailTop)
        const edge = front - sailReach * (0.35 + 0.65 * fall ** 0.8) - 0.8 * Math.sin(y * 0.55 + wave)
        if (x > edge && x < front) {
          const chord =
            8.5 * sail * Math.min(1, (x - edge) / 2.2) ** 0.5 * smoothstep(sailBottom, sailBottom - 1.5, y)
          cubes += chord * chord * chord
        }
      }
      return cubes === 0 ? 0 : Math.cbrt(cubes)
    },
    outside(x, y) {
      let nearest = Infinity
      for (let i = 0; i < HEART_PARTS; i++) {
        const q = Math.sqrt(squared(shapes, i * SHAPE_LENGTH, x, y)) - 1
        if (q < nearest) nearest = q
      }
      return nearest
    }
  }
}
