/**
 * How well films of one infant are laid on each other by their pictures: drawn films, of which it is known where the
 * infant lies on each. Beside the error stands the least that shift and size can leave, since infants lie tilted, and the
 * least that turn leaves as well.
 *
 *   npm run bench -- registration [PAIRS]
 */
import { coarserFilm, drawFilm, planCohort, type FilmSpec } from '../../src/core/demo'
import { createFrame } from '../../src/core/demo/drawing/frame'
import { bodyPercentiles } from '../../src/core/image-preprocessing'
import { estimateRegistration } from '../../src/renderer/viewport/estimate-registration'
import { registeredPlace, type Registration } from '../../src/renderer/viewport/registration'
import { testHeader } from '../../src/renderer/viewport/test-film'
import { valueRange } from '../../src/renderer/viewport/windows'
import type { Film } from '../../src/renderer/viewport/renderer'

const PAIRS = Number(process.argv[2] ?? 45)
/** Corners and middle of the lungs and the heart, in template millimetres (drawing/frame.ts); the chest is 140 wide. */
const LANDMARKS = [
  [-70, -60],
  [70, -60],
  [0, 0],
  [0, 40],
  [-70, 70],
  [70, 70]
] as const

type Point = readonly [x: number, y: number]

function drawn(full: FilmSpec, spacing: boolean): { film: Film; places: Point[]; pixelsPerMm: number } {
  const spec = coarserFilm(full, 2)
  const { columns, rows, mmPerPixel, inverted } = spec.detector
  const values = Uint16Array.from(drawFilm(spec).values)
  const percentiles = bodyPercentiles({
    rows,
    columns,
    values,
    bitsStored: 12,
    signed: false,
    photometric: inverted ? 'MONOCHROME1' : 'MONOCHROME2',
    colour: false,
    modality: { kind: 'rescale', slope: 1, intercept: 0, unit: null },
    voi: [],
    spacing: null,
    padding: null
  })
  const frame = createFrame(columns, rows, mmPerPixel, spec.anatomy.scale, spec.pose)
  const known = { rowMm: mmPerPixel, columnMm: mmPerPixel, source: 'ImagerPixelSpacing', calibrated: null }
  return {
    film: {
      id: '',
      header: testHeader({ rows, columns, inverted, percentiles, spacing: spacing ? known : null }),
      values,
      range: valueRange(values)
    },
    places: LANDMARKS.map(([x, y]) => [frame.toColumn(x, y), frame.toRow(x, y)]),
    pixelsPerMm: frame.pixelsPerMm
  }
}

const mean = (list: readonly number[]) => list.reduce((sum, each) => sum + each, 0) / list.length

/** Mean distance from `to` after laying `from` on it. */
function distance(from: Point[], to: Point[], registration: Registration): number {
  return mean(
    from.map(([u, v], i) => {
      const { x, y } = registeredPlace(registration, u, v)
      return Math.hypot(x - to[i]![0], y - to[i]![1])
    })
  )
}

/** What the best shift, size and, where `turning` is set, turn (least squares) leave. */
function leastDistance(from: Point[], to: Point[], turning: boolean): number {
  const middle = (list: Point[]): Point => [mean(list.map(([x]) => x)), mean(list.map(([, y]) => y))]
  const [a, b] = [middle(from), middle(to)]
  const sum = (of: (u: Point, v: Point) => number) =>
    from.reduce(
      (total, u, i) => total + of([u[0] - a[0], u[1] - a[1]], [to[i]![0] - b[0], to[i]![1] - b[1]]),
      0
    )
  const along = sum((u, v) => u[0] * v[0] + u[1] * v[1]) / sum(u => u[0] ** 2 + u[1] ** 2)
  const across = turning ? sum((u, v) => u[0] * v[1] - u[1] * v[0]) / sum(u => u[0] ** 2 + u[1] ** 2) : 0
  const best = { scale: Math.hypot(along, across), turn: Math.atan2(across, along), x: 0, y: 0 }
  const moved = registeredPlace(best, a[0], a[1])
  return distance(from, to, { ...best, x: b[0] - moved.x, y: b[1] - moved.y })
}

function run(spacing: boolean): void {
  const errors: number[] = []
  const least: number[] = []
  const leastTurned: number[] = []
  const times: number[] = []
  let none = 0
  for (const { films } of planCohort(8 * PAIRS, 7)) {
    for (let i = 1; i < Math.min(3, films.length) && errors.length + none < PAIRS; i++) {
      const [current, prior] = [drawn(films[i]!.spec, spacing), drawn(films[i - 1]!.spec, spacing)]
      const start = performance.now()
      const found = estimateRegistration(current.film, prior.film)
      times.push(performance.now() - start)
      least.push(leastDistance(current.places, prior.places, false) / prior.pixelsPerMm)
      leastTurned.push(leastDistance(current.places, prior.places, true) / prior.pixelsPerMm)
      if (!found) none++
      else {
        errors.push(distance(current.places, prior.places, found.registration) / prior.pixelsPerMm)
      }
    }
  }
  const at = (list: number[], share: number) =>
    list.sort((a, b) => a - b)[Math.floor(share * list.length)]!.toFixed(1)
  console.log(`${spacing ? 'With' : 'Without'} spacing: ${errors.length} pairs aligned, ${none} not`)
  console.log(`  error, mm of a chest 140 mm wide   median ${at(errors, 0.5)}  90 % ${at(errors, 0.9)}`)
  console.log(`  least with shift and size alone    median ${at(least, 0.5)}  90 % ${at(least, 0.9)}`)
  console.log(
    `  least with turn as well            median ${at(leastTurned, 0.5)}  90 % ${at(leastTurned, 0.9)}`
  )
  console.log(`  time, ms                           median ${at(times, 0.5)}  90 % ${at(times, 0.9)}`)
}

run(true)
run(false)
