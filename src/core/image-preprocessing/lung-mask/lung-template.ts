import type { Point } from './polygon'
import { polygonSpans } from './polygon'

/**
 * What both lungs look like on a frontal film of a newborn lying on its back, drawn by hand: midline at x = 0, widest
 * reach at x = 1 and -1, apices at y = 0, deepest costophrenic angle at y = 1. The lung on the image's right leaves room
 * for the heart.
 */
export const TEMPLATE: { imageLeft: readonly Point[]; imageRight: readonly Point[] } = {
  imageLeft: outline([
    [-0.3, 0],
    [-0.45, 0.02],
    [-0.56, 0.07],
    [-0.67, 0.15],
    [-0.75, 0.23],
    [-0.82, 0.33],
    [-0.87, 0.45],
    [-0.92, 0.58],
    [-0.96, 0.72],
    [-0.985, 0.84],
    [-0.985, 0.93],
    [-0.88, 0.88],
    [-0.72, 0.83],
    [-0.5, 0.8],
    [-0.27, 0.82],
    [-0.26, 0.7],
    [-0.24, 0.55],
    [-0.19, 0.42],
    [-0.17, 0.3],
    [-0.16, 0.18],
    [-0.19, 0.07]
  ]),
  imageRight: outline([
    [0.3, 0],
    [0.45, 0.02],
    [0.56, 0.07],
    [0.67, 0.15],
    [0.75, 0.23],
    [0.82, 0.33],
    [0.87, 0.45],
    [0.92, 0.58],
    [0.95, 0.72],
    [0.985, 0.84],
    [0.985, 0.93],
    [0.88, 0.89],
    [0.72, 0.85],
    [0.58, 0.85],
    [0.53, 0.76],
    [0.47, 0.64],
    [0.36, 0.54],
    [0.26, 0.44],
    [0.22, 0.3],
    [0.19, 0.18],
    [0.2, 0.07]
  ])
}

function outline(points: [number, number][]): Point[] {
  return points.map(([x, y]) => ({ x, y }))
}

/** Where the template lies on a picture. */
export interface Placement {
  /** Midline at the level of the apices' and bases' middle, and that level, in picture pixels. */
  x: number
  y: number
  /** Picture pixels per template unit. */
  width: number
  height: number
  /** Radians, clockwise on the image. */
  tilt: number
}

/** A point of the template on the picture. */
export function place({ x, y, width, height, tilt }: Placement, point: Point): Point {
  const across = point.x * width
  const down = (point.y - 0.5) * height
  const cos = Math.cos(tilt)
  const sin = Math.sin(tilt)
  return { x: x + across * cos - down * sin, y: y + across * sin + down * cos }
}

/** A point of the template's surroundings, and what weight its grey has in its zone. */
export interface Probe extends Point {
  zone: Zone
}

/** Both lungs, and what lies about them: brighter than the lungs, each for a reason of its own. */
export const ZONES = ['imageLeft', 'imageRight', 'between', 'below', 'outside', 'above'] as const
export type Zone = (typeof ZONES)[number]

const GRID = { columns: 42, rows: 30 }
const GRID_LEFT = -1.2
const GRID_TOP = -0.16
const GRID_WIDTH = 2.4
const GRID_HEIGHT = 1.36

/** Points spread evenly over the template and a margin about it, each with its zone. */
export function templateProbes(): Probe[] {
  const { columns, rows } = GRID
  const zones: (Zone | null)[] = Array.from({ length: columns * rows }, () => null)
  const onGrid = ({ x, y }: Point): Point => ({
    x: ((x - GRID_LEFT) / GRID_WIDTH) * columns,
    y: ((y - GRID_TOP) / GRID_HEIGHT) * rows
  })
  for (const side of ['imageLeft', 'imageRight'] as const)
    polygonSpans(TEMPLATE[side].map(onGrid), rows, columns, (row, from, to) =>
      zones.fill(side, row * columns + from, row * columns + to)
    )
  return zones.flatMap((zone, at) => {
    const x = GRID_LEFT + ((at % columns) + 0.5) * (GRID_WIDTH / columns)
    const y = GRID_TOP + (Math.floor(at / columns) + 0.5) * (GRID_HEIGHT / rows)
    const found = zone ?? surroundingZone(x, y)
    return found ? [{ x, y, zone: found }] : []
  })
}

/** How far sideways the chest reaches at a level: the template's outer border. */
function reach(y: number): number {
  return Math.min(0.985, 0.3 + 0.68 * Math.max(0, y / 0.85) ** 0.45)
}

function surroundingZone(x: number, y: number): Zone | null {
  const aside = Math.abs(x)
  if (y < 0) return aside < 0.75 ? 'above' : null
  if (aside > reach(y)) return aside < reach(y) + 0.16 && y < 0.85 ? 'outside' : null
  if (y > 0.8) return y < 1.18 ? 'below' : null
  return aside < 0.6 ? 'between' : null
}
