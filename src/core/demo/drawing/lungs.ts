import { createRandom } from '../../foundation'
import type { FilmSpec, Side } from '../film-spec'
import type { Mediastinum } from './mediastinum'
import { smoothstep } from './profile'
import { sampleTile, type Textures } from './texture'
import { vertebraLevel, type Thorax } from './thorax'

/** Where bronchi and vessels enter each lung. */
export function hilum(side: Side, displacement: number): { x: number; y: number } {
  return side === 'right'
    ? { x: -11 + displacement, y: vertebraLevel(5.2) }
    : { x: 13 + displacement, y: vertebraLevel(4.9) }
}

/** Edge of a lung partly collapsed by lateral air: fraction of the half-width that it still fills at a level. */
export function lungEdge(spec: FilmSpec, thorax: Thorax, y: number): number {
  const air = spec.lungs.pneumothorax!
  const height = (y - thorax.apex) / (thorax.dome[air.side] - thorax.apex)
  // Air gathers at the apex and the base of a supine infant; the lung hangs on its hilum.
  const gather = 0.62 + 0.38 * Math.cos(2 * Math.PI * (height - 0.02))
  return 1 - (0.1 + 0.52 * air.size) * (0.45 + 0.55 * gather)
}

/** Level of the horizontal fissure at `distance` from the midline, raised by loss of volume above it. */
export function fissureLevel(distance: number, raised: number): number {
  return vertebraLevel(5.4) + 2.5 * (distance / 50) - raised * (6 + 16 * (distance / 50) ** 1.3)
}

export interface LungTissue {
  /** Density against soft tissue, 0 (free air) to 1 (airless). */
  density: number
  /** Share of the thickness that carries vessels and fine pattern: 0 in free air. */
  aerated: number
}

/**
 * What the lungs are made of at a point: the signs of section "Signs" of the appearance, laid over one another.
 * `result` is filled in and returned, to spare an allocation per pixel.
 */
export function createLungTissue(spec: FilmSpec, thorax: Thorax, heart: Mediastinum, textures: Textures) {
  const { lungs, anatomy, devices } = spec
  const random = createRandom(devices.seed, 'lungs')
  const offset = () => random.between(0, 512)
  const [cloudX, cloudY, fineX, fineY, cystX, cystY, strandX, strandY, pieX, pieY] = Array.from(
    { length: 10 },
    offset
  ) as [number, number, number, number, number, number, number, number, number, number]
  const hila = { right: hilum('right', heart.displacement), left: hilum('left', heart.displacement) }
  const { patchiness, streaks, chronic, interstitialAir, pneumothorax, atelectasis, granularity } = lungs
  const cystScale = 2.3 / Math.max(0.55, anatomy.scale)
  const asymmetry = random.between(-0.06, 0.06) * (1 + patchiness)

  function collapse(side: Side, x: number, y: number): number {
    if (!atelectasis || atelectasis.lobe[0]!.toLowerCase() !== side[0]) return 0
    const distance = Math.abs(x)
    const degree = atelectasis.degree
    const solid = 0.45 + 0.5 * degree
    switch (atelectasis.lobe) {
      case 'left-lung':
        return solid * (0.86 + 0.14 * smoothstep(45, 12, distance))
      case 'RUL':
        return solid * smoothstep(0.9, -0.9, y - fissureLevel(distance, degree))
      case 'LUL': {
        const veil = smoothstep(thorax.dome.left - 2, vertebraLevel(4), y)
        return solid * 0.85 * veil * smoothstep(52, 18, distance + 0.3 * (y - vertebraLevel(3)))
      }
      case 'RLL':
      case 'LLL': {
        // A wedge behind the heart: from the hilum down to the diaphragm, its side edge straight.
        const hilumAt = hila[side]
        const fall = (y - hilumAt.y + 3) / (thorax.dome[side] - hilumAt.y + 3)
        if (fall <= 0) return 0
        const edge =
          Math.abs(hilumAt.x) - 2 + fall * (30 - 9 * degree) + 1.3 * Math.sin(3 * fall + degree * 9)
        return solid * smoothstep(edge + 1.1, edge - 1.1, distance) * smoothstep(0, 0.12, fall)
      }
    }
  }

  return function tissueAt(side: Side, x: number, y: number, result: LungTissue): LungTissue {
    const width = thorax.halfWidth.at(y)
    const distance = Math.abs(x)
    const height = (y - thorax.apex) / (thorax.dome[side] - thorax.apex)
    const aside = x - hila[side].x
    const above = (y - hila[side].y) * 0.8
    const toHilum = Math.sqrt(aside * aside + above * above)
    let density = lungs.density * (1 + (side === 'right' ? asymmetry : -asymmetry))
    let aerated = 1

    const cloud = sampleTile(textures.clouds, x * 1.6 + cloudX, y * 1.6 + cloudY)
    const fine = sampleTile(textures.clouds, x * 5.2 + fineX, y * 5.2 + fineY)
    density *= 1 + cloud * (0.05 + 0.2 * patchiness) + fine * (0.025 + 0.05 * patchiness + 0.05 * granularity)
    // Surfactant lack and gravity: denser towards the base and the back.
    density += granularity * 0.1 * (height - 0.45)
    // Perihilar haze.
    density += streaks * 0.17 * Math.exp(-((toHilum / 21) ** 2))

    if (chronic) {
      // Bubbles of two sizes before and behind one another, so that no single net shows.
      const large = sampleTile(
        textures.cysts,
        (x + 1.6 * fine) * cystScale * 1.9 + cystX,
        (y + 1.6 * cloud) * cystScale * 1.9 + cystY
      )
      const small = sampleTile(textures.cysts, y * cystScale * 3.6 + cystY, x * cystScale * 3.6 + strandX)
      const strand = sampleTile(textures.strands, x * 2.6 + strandX, y * 2.6 + strandY)
      const here = Math.max(0.15, 0.75 + 0.45 * cloud)
      const there = Math.max(0.15, 0.75 - 0.45 * fine)
      density += chronic.cysts * (here * (large > 0 ? 0.1 * large : 0.15 * large) + there * 0.08 * small)
      density += chronic.strands * 0.055 * Math.max(-0.6, Math.min(2, strand))
    }
    if (interstitialAir && interstitialAir.sides.includes(side)) {
      const amount = interstitialAir.amount
      const cyst = sampleTile(textures.cysts, x * 9.5 + pieX, y * 9.5 + pieY)
      const line = sampleTile(
        textures.strands,
        toHilum * 2.1 + pieX,
        Math.atan2(y - hila[side].y, x - hila[side].x) * 95 + pieY
      )
      const lucent = Math.max(0, -cyst) * 0.2 + Math.max(0, line) * 0.055
      density += amount * (0.09 * Math.max(0, cyst) - lucent)
      density += amount * 0.05
    }
    const solid = collapse(side, x, y)
    if (solid > 0) density += (1 - density) * solid
    density = density < 0.12 ? 0.12 : density > 0.97 ? 0.97 : density

    if (pneumothorax?.side === side) {
      const { size, kind } = pneumothorax
      if (kind === 'lateral') {
        const edge = lungEdge(spec, thorax, y) * width
        const inside = smoothstep(edge + 0.35, edge - 0.35, distance)
        density = inside * Math.min(0.95, density * (1 + 0.75 * size))
        aerated = inside
      } else {
        // Air before the lung: the whole side darker, most along heart and diaphragm, whose borders stand out.
        const medial = smoothstep(34, 10, distance)
        const basal = smoothstep(0.45, 1.05, height)
        const share = Math.min(0.93, size * (0.5 + 0.4 * Math.max(medial, basal)))
        density *= 1 - share
        aerated = 1 - 0.75 * share
      }
    }
    if (lungs.pneumomediastinum > 0) {
      const outside = heart.outside(x, y)
      if (outside > 0) {
        const halo =
          Math.exp(-((outside / (0.06 + 0.12 * lungs.pneumomediastinum)) ** 2)) * smoothstep(1, 0.6, height)
        density *= 1 - 0.85 * lungs.pneumomediastinum * halo
        aerated *= 1 - 0.8 * halo
      }
    }
    result.density = density
    result.aerated = aerated
    return result
  }
}
