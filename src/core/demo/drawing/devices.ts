import { createRandom, type Random } from '../../foundation'
import type { FilmSpec } from '../film-spec'
import type { Frame } from './frame'
import { drawObject, type Layer, type StrokePoint } from './layer'
import { letterStrokes } from './lettering'
import { strokeThrough } from './skeleton'
import { vertebraLevel, type Thorax } from './thorax'

type Waypoint = readonly [x: number, y: number]

/** A catheter: walls and a radiopaque stripe. Real devices do not grow with the infant, so `scale` shrinks template lengths. */
function drawCatheter(
  layer: Layer,
  frame: Frame,
  waypoints: readonly Waypoint[],
  radius: number,
  scale: number
): void {
  const path = (r: number, depth: number) =>
    strokeThrough(
      frame,
      waypoints.map(([x, y]) => [x, y, r / scale, depth / scale] as const),
      10
    )
  drawObject(layer, [path(radius, 4 * radius)], 'soft')
  drawObject(layer, [path(0.28, 9)], 'rod')
}

function drawTrachealTube(layer: Layer, frame: Frame, spec: FilmSpec, tip: number): void {
  const { scale } = spec.anatomy
  const tube: Waypoint[] = [
    [-1.5, -98],
    [0.5, -78],
    [-0.5, -60],
    [-0.6, (tip - 60) / 2],
    // Past the carina a tube goes down the right main bronchus.
    [tip > vertebraLevel(4.2) ? -4.5 : 0.2, tip]
  ]
  const wall = (offset: number) =>
    strokeThrough(
      frame,
      tube.map(([x, y]) => [x + offset / scale, y, 0.32 / scale, 7 / scale] as const),
      10
    )
  drawObject(layer, [wall(-1.35), wall(1.35)], 'rod')
  drawObject(layer, [wall(0.75)], 'rod')
}

/** A lead on the skin: electrode with its snap, and a wire that leaves the film in loose curves. */
function drawElectrode(
  layer: Layer,
  frame: Frame,
  random: Random,
  at: Waypoint,
  towards: Waypoint,
  scale: number
): void {
  const [x, y] = at
  const disc = (radius: number, depth: number): StrokePoint[] =>
    strokeThrough(
      frame,
      [
        [x, y, radius / scale, depth / scale],
        [x + 0.1, y, radius / scale, depth / scale]
      ],
      1
    )
  drawObject(layer, [disc(4.4, 4.5)], 'soft')
  drawObject(layer, [disc(1.7, 26)], 'rod')
  const points: [number, number][] = [[x, y]]
  const steps = 5
  for (let k = 1; k <= steps; k++) {
    const t = k / steps
    const sway = Math.sin(t * Math.PI) * random.between(-9, 9)
    points.push([x + (towards[0] - x) * t + sway, y + (towards[1] - y) * t + random.between(-4, 4) * (1 - t)])
  }
  const wire = (r: number, depth: number) =>
    strokeThrough(
      frame,
      points.map(([px, py]) => [px, py, r / scale, depth / scale] as const),
      10
    )
  drawObject(layer, [wire(0.75, 1.6)], 'rod')
  drawObject(layer, [wire(0.3, 11)], 'rod')
}

/** Tubes, lines and leads as they lie on and in the infant, and the lead marker. */
export function drawDevices(
  layer: Layer,
  frame: Frame,
  spec: FilmSpec,
  thorax: Thorax,
  displacement: number
): void {
  const { devices, anatomy } = spec
  const { scale } = anatomy
  const random = createRandom(devices.seed, 'devices')
  const spine = thorax.shift(-28)
  if (devices.trachealTube !== null) drawTrachealTube(layer, frame, spec, devices.trachealTube)
  if (devices.gastricTube) {
    const curl = random.between(-4, 8)
    drawCatheter(
      layer,
      frame,
      [
        [random.between(-3, 3), -100],
        [2.5, -74],
        [2, -50],
        [2.6 + displacement * 0.3, vertebraLevel(3)],
        [1 + displacement * 0.4, vertebraLevel(6)],
        [3.5, thorax.dome.left - 2],
        [11, thorax.dome.left + 12],
        [24, thorax.dome.left + 20 + curl * 0.4],
        [32, thorax.dome.left + 15 + curl]
      ],
      0.85,
      scale
    )
  }
  if (devices.umbilicalVein) {
    const tip = thorax.dome.right + random.between(-5, 4)
    drawCatheter(
      layer,
      frame,
      [
        [3, 150],
        [2, 118],
        [-1.5, 96],
        [-5, 78],
        [-6.5, 60],
        [-5.5, (tip + 60) / 2],
        [-4.5, tip]
      ],
      0.7,
      scale
    )
  }
  if (devices.umbilicalArtery) {
    const tip = vertebraLevel(random.between(6, 9))
    drawCatheter(
      layer,
      frame,
      [
        [5, 150],
        [8, 132],
        [7, 112],
        [spine + 4.5, 90],
        [spine + 4, 60],
        [spine + 4.4, (tip + 60) / 2],
        [spine + 4, tip]
      ],
      0.6,
      scale
    )
  }
  if (devices.longLine) {
    const sign = devices.longLine === 'right' ? -1 : 1
    const arm = devices.longLine === 'right' ? spec.pose.armRight : spec.pose.armLeft
    const out = (t: number): Waypoint => [sign * (52 + Math.sin(arm) * t), -37 + Math.cos(arm) * t]
    drawCatheter(
      layer,
      frame,
      [
        out(110),
        out(70),
        out(35),
        out(10),
        [sign * 38, -40],
        [sign * 20, -38],
        [-5, -33],
        [-6.5, -22],
        [-6, vertebraLevel(random.between(4.5, 6.5))]
      ],
      0.4,
      scale
    )
  }
  const places: [Waypoint, Waypoint][] = [
    [
      [-44, -22],
      [-95, -70]
    ],
    [
      [45, -24],
      [90, -85]
    ],
    [
      [46, 50],
      [100, 95]
    ],
    [
      [-40, 58],
      [-90, 110]
    ]
  ]
  for (let i = 0; i < devices.electrodes; i++) {
    const [at, towards] = places[i % places.length]!
    const place: Waypoint = [at[0] + random.between(-7, 7), at[1] + random.between(-8, 8)]
    drawElectrode(layer, frame, random, place, [towards[0], towards[1] + random.between(-25, 25)], scale)
  }
  if (devices.temperatureProbe) {
    const x = random.between(-30, -16)
    const y = random.between(58, 70)
    drawElectrode(layer, frame, random, [x, y], [x - 40, 140], scale * 1.3)
  }
  drawMarker(layer, spec, random)
}

function drawMarker(layer: Layer, spec: FilmSpec, random: Random): void {
  const { marker, border, columns, mmPerPixel } = spec.detector
  if (!marker) return
  const height = (5.5 + 2 * random.next()) / mmPerPixel
  const inset = random.between(3, 7) / mmPerPixel
  const column = marker === 'R' ? border[0] + inset : columns - border[2] - inset - height * 0.7
  const row = border[1] + random.between(4, 14) / mmPerPixel
  drawObject(layer, letterStrokes(marker, column, row, height, 0.8 / mmPerPixel, 130), 'rod')
}
