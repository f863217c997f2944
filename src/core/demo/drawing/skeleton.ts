import type { FilmSpec, Side } from '../film-spec'
import { drawObject, type Layer, type StrokePoint } from './layer'
import type { Frame } from './frame'
import { smoothstep } from './profile'
import { vertebraLevel, type Thorax } from './thorax'

/** Soft-tissue millimetres that attenuate like one rib lying flat (term infant). */
const RIB_DEPTH = 8.4
const SIDES: readonly Side[] = ['right', 'left']

/** A stroke through template points, `[x, y, radius, depth]` each, smoothed by Catmull-Rom. */
export function strokeThrough(
  frame: Frame,
  points: readonly (readonly [x: number, y: number, radius: number, depth: number])[],
  steps = 6
): StrokePoint[] {
  const stroke: StrokePoint[] = []
  const at = (i: number) => points[Math.min(points.length - 1, Math.max(0, i))]!
  const cubic = (a: number, b: number, c: number, d: number, t: number) =>
    b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
  for (let i = 0; i < points.length - 1; i++) {
    for (let k = 0; k < (i === points.length - 2 ? steps + 1 : steps); k++) {
      const t = k / steps
      const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)]
      const x = cubic(a[0], b[0], c[0], d[0], t)
      const y = cubic(a[1], b[1], c[1], d[1], t)
      stroke.push({
        column: frame.toColumn(x, y),
        row: frame.toRow(x, y),
        radius: (b[2] + (c[2] - b[2]) * t) * frame.pixelsPerMm,
        depth: b[3] + (c[3] - b[3]) * t
      })
    }
  }
  return stroke
}

function drawRibs(layer: Layer, frame: Frame, thorax: Thorax, bone: number): void {
  for (const side of SIDES) {
    for (let number = 1; number <= 12; number++) {
      const points = thorax.rib(number, side)
      const size = number === 1 || number > 10 ? 0.82 : 1
      // The back of a rib is thick and dense, its front thin and shadowed by what lies behind; the two overlap on the
      // film beyond the side, where one fades into the other.
      const part = (share: (along: number) => number) =>
        points
          .filter(point => share(point.along) > 0)
          .map(point => {
            const cup = 1 + 0.3 * Math.exp(-(((point.along - 1) / 0.05) ** 2))
            const belly = 0.78 + 0.3 * Math.sin(Math.PI * Math.min(1, point.along * 1.35))
            return {
              column: frame.toColumn(point.x, point.y),
              row: frame.toRow(point.x, point.y),
              radius: 1.5 * size * cup * belly * Math.sqrt(bone) * frame.pixelsPerMm,
              depth:
                RIB_DEPTH *
                size *
                bone *
                point.obliquity *
                (1 - 0.45 * smoothstep(0.62, 0.95, point.along)) *
                share(point.along)
            }
          })
      const turn = (along: number) => smoothstep(0.55, 0.66, along)
      drawObject(layer, [part(along => 1 - turn(along))], 'shell')
      drawObject(layer, [part(turn)], 'shell')
    }
  }
}

/** Ossified bodies with lucent discs between, pedicles and the two halves of the arch, from the neck to the loins. */
function drawSpine(layer: Layer, frame: Frame, thorax: Thorax, bone: number): void {
  const shift = thorax.shift(-30)
  for (let n = -4; n <= 17; n++) {
    const y = vertebraLevel(n)
    const lumbar = Math.max(0, Math.min(1, (n - 9) / 6))
    const neck = Math.max(0, Math.min(1, (2 - n) / 4))
    const thoracic = n >= 1 && n <= 12
    const halfWidth = 5.9 + 1.6 * lumbar - 0.9 * neck
    const halfHeight = 3.4 + 0.45 * lumbar - 0.9 * neck
    drawBody(layer, frame, shift, y, halfWidth, halfHeight, 9.8 * bone * (1 - 0.3 * neck))
    // Pedicles shine through the upper corners of the body; the arch and the transverse processes are faint.
    drawObject(
      layer,
      [-1, 1].map(sign =>
        strokeThrough(
          frame,
          [
            [shift + sign * (halfWidth - 1.1), y - 1.3, 1.35, 8 * bone],
            [shift + sign * (halfWidth - 0.7), y + 0.9, 1.25, 8 * bone]
          ],
          2
        )
      ),
      'rod'
    )
    drawObject(
      layer,
      [-1, 1].map(sign =>
        strokeThrough(
          frame,
          [
            [shift + sign * 0.6, y + 4.3, 0.7, 2.5 * bone],
            [shift + sign * halfWidth * 0.6, y + 2.7, 1, 3.5 * bone],
            [shift + sign * (halfWidth + 0.6), y - 0.6, 1.1, 4 * bone],
            [shift + sign * (halfWidth + (thoracic ? 3.2 : 1.6)), y - 1.4, 0.9, 3 * bone]
          ],
          4
        )
      ),
      'soft'
    )
  }
}

function drawBody(
  layer: Layer,
  frame: Frame,
  x: number,
  y: number,
  halfWidth: number,
  halfHeight: number,
  depth: number
): void {
  const reach = Math.hypot(halfWidth, halfHeight) * frame.pixelsPerMm + 1
  const column = frame.toColumn(x, y)
  const row = frame.toRow(x, y)
  const dx = frame.toX(1, 0) - frame.toX(0, 0)
  const dy = frame.toY(1, 0) - frame.toY(0, 0)
  for (let r = Math.max(0, Math.floor(row - reach)); r <= Math.min(layer.rows - 1, row + reach); r++) {
    for (
      let c = Math.max(0, Math.floor(column - reach));
      c <= Math.min(layer.columns - 1, column + reach);
      c++
    ) {
      const u = ((c - column) * dx - (r - row) * dy) / halfWidth
      // Upper and lower faces of a newborn's vertebra bulge: the body is an oblong with rounded ends.
      const v = ((c - column) * dy + (r - row) * dx) / (halfHeight * (1 - 0.12 * u * u))
      const u4 = u * u * u * u
      const v4 = v * v * v * v
      if (u4 + v4 >= 1) continue
      const rim = 0.75 + 0.35 * Math.max(u4, v4)
      layer.values[r * layer.columns + c]! += depth * rim * Math.sqrt(1 - u4 - v4)
    }
  }
}

function drawShoulders(layer: Layer, frame: Frame, spec: FilmSpec, thorax: Thorax, bone: number): void {
  const front = thorax.shift(22)
  const back = thorax.shift(-20)
  for (const side of SIDES) {
    const sign = side === 'right' ? -1 : 1
    const arm = side === 'right' ? spec.pose.armRight : spec.pose.armLeft
    const lift = 5 * Math.max(0, Math.sin(arm - Math.PI / 2))
    drawObject(
      layer,
      [
        strokeThrough(frame, [
          [front + sign * 6.5, -37, 1.9, 9 * bone],
          [front + sign * 15, -41, 1.5, 9 * bone],
          [front + sign * 28, -44 - lift * 0.5, 1.35, 9 * bone],
          [front + sign * 39, -47 - lift, 1.5, 8 * bone],
          [front + sign * 47, -46.5 - lift, 1.9, 7 * bone]
        ])
      ],
      'shell'
    )
    // Scapula: spine with acromion, glenoid, lateral border.
    drawObject(
      layer,
      [
        strokeThrough(frame, [
          [back + sign * 33, -37 - lift * 0.6, 0.9, 3.5 * bone],
          [back + sign * 42, -41 - lift * 0.8, 1.2, 4.5 * bone],
          [back + sign * 50.5, -43.5 - lift, 1.6, 6 * bone]
        ]),
        strokeThrough(frame, [
          [back + sign * 50.5, -39 - lift, 2.6, 8 * bone],
          [back + sign * 50, -35 - lift * 0.6, 2, 7 * bone],
          [back + sign * 47.5, -24, 1, 4.5 * bone],
          [back + sign * 45, -10, 1, 3.5 * bone],
          [back + sign * 42, -4, 1, 2.5 * bone]
        ])
      ],
      'soft'
    )
    const dx = sign * Math.sin(arm)
    const dy = Math.cos(arm)
    const x0 = sign * 58
    const y0 = -39 - lift
    const shaft = (t: number, radius: number, depth: number) =>
      [x0 + dx * t, y0 + dy * t, radius, depth * bone] as const
    drawObject(
      layer,
      [
        strokeThrough(frame, [
          shaft(2, 4.6, 11),
          shaft(7, 3.6, 13),
          shaft(16, 2.9, 14),
          shaft(36, 2.7, 14),
          shaft(58, 3.6, 13),
          shaft(63, 4.4, 10)
        ])
      ],
      'shell'
    )
    const bend = arm + 0.55 * (sign > 0 ? 1 : -1) * (spec.anatomy.seed % 2 === 0 ? 1 : 0.4)
    const ex = x0 + dx * 70
    const ey = y0 + dy * 70
    drawObject(
      layer,
      [-1, 1].map(part =>
        strokeThrough(frame, [
          [ex + part * 2.6 * dy, ey - part * 2.6 * dx, 2.4, 10 * bone],
          [
            ex + sign * Math.sin(bend) * 30 + part * 3.4 * dy,
            ey + Math.cos(bend) * 30 - part * 3.4 * dx,
            1.7,
            9 * bone
          ],
          [
            ex + sign * Math.sin(bend) * 55 + part * 3 * dy,
            ey + Math.cos(bend) * 55 - part * 3 * dx,
            2.2,
            9 * bone
          ]
        ])
      ),
      'shell'
    )
  }
}

/** Lower jaw across the top of the film. */
function drawJaw(layer: Layer, frame: Frame, spec: FilmSpec, bone: number): void {
  const chin = spec.pose.chin
  drawObject(
    layer,
    [
      strokeThrough(frame, [
        [-33, chin - 34, 3, 12 * bone],
        [-27, chin - 14, 2.6, 14 * bone],
        [-13, chin - 4, 2.4, 15 * bone],
        [0, chin - 1.5, 2.6, 17 * bone],
        [13, chin - 4, 2.4, 15 * bone],
        [27, chin - 14, 2.6, 14 * bone],
        [33, chin - 34, 3, 12 * bone]
      ])
    ],
    'shell'
  )
}

export function drawSkeleton(layer: Layer, frame: Frame, spec: FilmSpec, thorax: Thorax): void {
  const bone = spec.anatomy.boneDensity
  drawSpine(layer, frame, thorax, bone)
  drawRibs(layer, frame, thorax, bone)
  drawShoulders(layer, frame, spec, thorax, bone)
  drawJaw(layer, frame, spec, bone)
}
