import { createRandom, type Random } from '../../foundation'
import type { FilmSpec, Side } from '../film-spec'
import type { Frame } from './frame'
import { drawObject, type Layer, type StrokePoint, type Weights } from './layer'
import { fissureLevel, hilum, lungEdge } from './lungs'
import type { Mediastinum } from './mediastinum'
import { strokeThrough } from './skeleton'
import { SOFT_STEP, type SoftTissue } from './soft-tissue'
import { vertebraLevel, type Thorax } from './thorax'

const SIDES: readonly Side[] = ['right', 'left']

/** Directions of the segmental branches from each hilum, radians from straight down towards the side. */
const SEGMENTS = [0.05, 0.4, 0.75, 1.1, 1.45, 1.8, 2.2, 2.6]

interface Branch {
  points: [x: number, y: number][]
  /** Radius at its start and end. */
  from: number
  to: number
  order: number
}

/** Branching tree that thins out towards the pleura, the same on every film of one infant. */
function growTree(side: Side, root: { x: number; y: number }, random: Random): Branch[] {
  const sign = side === 'right' ? -1 : 1
  const branches: Branch[] = []
  const grow = (x: number, y: number, angle: number, length: number, radius: number, order: number) => {
    const points: [number, number][] = [[x, y]]
    const bend = random.between(-0.35, 0.35)
    let direction = angle
    const steps = 3
    for (let k = 0; k < steps; k++) {
      direction += bend / steps
      x += (sign * Math.sin(direction) * length) / steps
      y += (Math.cos(direction) * length) / steps
      points.push([x, y])
    }
    const end = radius * 0.7
    branches.push({ points, from: radius, to: end, order })
    if (order >= 3) return
    const spread = random.between(0.25, 0.55)
    grow(x, y, direction - spread, length * random.between(0.62, 0.85), end * 0.92, order + 1)
    grow(
      x,
      y,
      direction + spread * random.between(0.6, 1.1),
      length * random.between(0.62, 0.85),
      end * 0.86,
      order + 1
    )
  }
  for (const segment of SEGMENTS) {
    grow(
      root.x,
      root.y + random.between(-2, 3),
      segment + random.between(-0.15, 0.15),
      random.between(10, 14),
      random.between(0.85, 1.2),
      0
    )
  }
  return branches
}

/** Vessels are seen as far as there is air around them, `enough` millimetres of it or more. */
function airAround({ lung, density, columns }: SoftTissue, enough: number): Weights {
  const values = new Float32Array(lung.length)
  for (let at = 0; at < values.length; at++) {
    values[at] = Math.min(1, lung[at]! / enough) * (1 - density[at]!)
  }
  return { step: SOFT_STEP, columns, values }
}

/** Bronchi are seen as far as what is around them holds none. */
function airless({ density, columns }: SoftTissue, filled: number): Weights {
  const values = new Float32Array(density.length)
  for (let at = 0; at < values.length; at++) values[at] = filled * Math.max(0, density[at]! - 0.3) * 1.6
  return { step: SOFT_STEP, columns, values }
}

export function drawAirways(
  layer: Layer,
  frame: Frame,
  spec: FilmSpec,
  thorax: Thorax,
  heart: Mediastinum,
  soft: SoftTissue
): void {
  const { lungs, anatomy } = spec
  const scale = frame.pixelsPerMm
  const displacement = heart.displacement
  const carinaX = 0.8 + displacement * 0.75
  const carinaY = vertebraLevel(4.1)
  const buckle = createRandom(anatomy.seed, 'trachea').between(-1, 2.2)

  // Trachea and main bronchi: air in the midline.
  drawObject(
    layer,
    [
      strokeThrough(frame, [
        [0, vertebraLevel(-3), 1.9, 5],
        [-buckle * 0.4, vertebraLevel(-0.5), 2.1, 6],
        [-buckle + displacement * 0.4, vertebraLevel(1.8), 2.2, 6.2],
        [carinaX, carinaY, 2.1, 5.6]
      ]),
      strokeThrough(frame, [
        [carinaX, carinaY, 1.9, 5],
        [carinaX - 5, carinaY + 5, 1.6, 3.2],
        [hilum('right', displacement).x, hilum('right', displacement).y + 2, 1.3, 2.4]
      ]),
      strokeThrough(frame, [
        [carinaX, carinaY, 1.8, 4.8],
        [carinaX + 7, carinaY + 4, 1.5, 3],
        [hilum('left', displacement).x + 1, hilum('left', displacement).y + 2, 1.2, 2.2]
      ])
    ],
    'rod',
    -1
  )

  const toStroke = (branch: Branch, radius: number, depth: number, shiftX = 0, shiftY = 0): StrokePoint[] =>
    branch.points.map(([x, y], k) => {
      const r = branch.from + ((branch.to - branch.from) * k) / (branch.points.length - 1)
      return {
        column: frame.toColumn(x + shiftX, y + shiftY),
        row: frame.toRow(x + shiftX, y + shiftY),
        radius: r * radius * scale,
        depth: 2 * r * depth
      }
    })

  const vessels = airAround(soft, 16)
  const lymphatics = lungs.streaks > 0.15 ? airAround(soft, 22) : null
  const bronchi = lungs.bronchograms > 0 ? airless(soft, lungs.bronchograms) : null
  for (const side of SIDES) {
    const random = createRandom(anatomy.seed, `tree-${side}`)
    const tree = growTree(side, hilum(side, displacement), random)
    const fill = 1.15 + 0.8 * lungs.streaks
    drawObject(
      layer,
      tree.map(branch => toStroke(branch, fill, 3.2 * fill)),
      'rod',
      1,
      vessels
    )
    if (lymphatics) {
      // Engorged lymphatics: soft streaks radiating from the hilum between the vessels.
      const streaks = growTree(side, hilum(side, displacement), random.fork('streaks')).filter(
        branch => branch.order < 2
      )
      drawObject(
        layer,
        streaks.map(branch => toStroke(branch, 2.1, 2.4 * lungs.streaks, 0.8, 0.5)),
        'soft',
        1,
        lymphatics
      )
    }
    if (bronchi) {
      drawObject(
        layer,
        tree.filter(branch => branch.order < 3).map(branch => toStroke(branch, 1.15, 2.3, 1.4, 0.8)),
        'rod',
        -1,
        bronchi
      )
    }
  }
  drawPleura(layer, frame, spec, thorax)
}

/** Fluid in the horizontal fissure, and the edge of a lung that air has pushed off the chest wall. */
function drawPleura(layer: Layer, frame: Frame, spec: FilmSpec, thorax: Thorax): void {
  const { lungs } = spec
  if (lungs.fissure > 0.05) {
    const raised = lungs.atelectasis?.lobe === 'RUL' ? lungs.atelectasis.degree : 0
    const reach = thorax.halfWidth.at(vertebraLevel(5.8)) - 1
    const points = Array.from({ length: 8 }, (_, k) => {
      const distance = 13 + ((reach - 13) * k) / 7
      return [
        -distance,
        fissureLevel(distance, raised) + 0.8 * Math.sin(distance * 0.16),
        0.35 + 0.45 * lungs.fissure,
        5.5 * lungs.fissure
      ] as const
    })
    drawObject(layer, [strokeThrough(frame, points)], 'soft')
  }
  const air = lungs.pneumothorax
  if (air?.kind === 'lateral') {
    const sign = air.side === 'right' ? -1 : 1
    const bottom = thorax.dome[air.side] + 3
    const points = Array.from({ length: 16 }, (_, k) => {
      const y = thorax.apex + 4 + ((bottom - thorax.apex - 4) * k) / 15
      return [sign * lungEdge(spec, thorax, y) * thorax.halfWidth.at(y), y, 0.38, 3.4] as const
    })
    drawObject(layer, [strokeThrough(frame, points, 4)], 'soft')
  }
}
