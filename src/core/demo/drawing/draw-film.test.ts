import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../foundation'
import {
  airLeak,
  chronicChange,
  clearLungs,
  collapse,
  retainedFluid,
  surfactantLack,
  uncertainHaze
} from '../cohort/appearance'
import type { DrawnFilm, FilmSpec, LungAppearance } from '../film-spec'
import { drawFilm } from './draw-film'
import { createFrame } from './frame'
import { vertebraLevel } from './thorax'

const random = createRandom(3, 'draw-film')
const clear: LungAppearance = {
  ...clearLungs(random),
  inflation: 8.6,
  density: 0.3,
  streaks: 0.05,
  fissure: 0
}

/** A term infant lying straight, 400 x 440 pixels of 0.36 mm. */
function specOf(lungs: LungAppearance, seed = 1): FilmSpec {
  return {
    anatomy: {
      seed,
      scale: 1,
      thoraxWidth: 1,
      ribSlope: 0.22,
      boneDensity: 1,
      chestWall: 6,
      heartSize: 1,
      thymusRight: 0.3,
      thymusLeft: 0.3,
      thymusSail: 0
    },
    pose: { tilt: 0, rotation: 0, centreX: 0, centreY: 4, armRight: 1.4, armLeft: 1.4, chin: -75 },
    lungs,
    devices: {
      trachealTube: null,
      gastricTube: false,
      umbilicalVein: false,
      umbilicalArtery: false,
      longLine: null,
      electrodes: 0,
      temperatureProbe: false,
      seed
    },
    detector: {
      columns: 400,
      rows: 440,
      mmPerPixel: 0.36,
      quanta: 20_000,
      scatter: 0.2,
      equalisation: 0.3,
      lowValue: 600,
      highValue: 3200,
      inverted: false,
      border: [8, 8, 8, 30],
      shutter: true,
      marker: null,
      seed
    }
  }
}

/** A rectangle in template millimetres: left, right, top, bottom. */
type Box = readonly [number, number, number, number]

/** Mean of the stored values in a box, and the root mean square step over 1.8 mm sideways, along which ribs run. */
function region(film: DrawnFilm, spec: FilmSpec, [x0, x1, y0, y1]: Box) {
  const frame = createFrame(film.columns, film.rows, spec.detector.mmPerPixel, spec.anatomy.scale, spec.pose)
  let sum = 0
  let steps = 0
  let count = 0
  for (let row = Math.round(frame.toRow(0, y0)); row < frame.toRow(0, y1); row++) {
    for (let column = Math.round(frame.toColumn(x0, 0)); column < frame.toColumn(x1, 0); column++) {
      const at = row * film.columns + column
      sum += film.values[at]!
      steps += (film.values[at]! - film.values[at + 5]!) ** 2
      count++
    }
  }
  return { mean: sum / count, roughness: Math.sqrt(steps / count) }
}

const draw = (lungs: LungAppearance, seed = 1) => {
  const spec = specOf(lungs, seed)
  const film = drawFilm(spec)
  return { spec, film, at: (box: Box) => region(film, spec, box) }
}

/** Lateral right and left lung, clear of heart and thymus. */
const RIGHT_LUNG: Box = [-44, -32, vertebraLevel(5), vertebraLevel(8)]
const LEFT_LUNG: Box = [38, 45, vertebraLevel(4.5), vertebraLevel(7)]

describe('drawn films', () => {
  it('are the same for the same specification, whatever was drawn in between', () => {
    const hash = (film: DrawnFilm) => createHash('sha256').update(film.values).digest('hex')
    const first = hash(drawFilm(specOf(clear)))
    drawFilm({ ...specOf(clear, 2), detector: { ...specOf(clear).detector, columns: 300, rows: 500 } })
    expect(hash(drawFilm(specOf(clear)))).toBe(first)
    expect(hash(drawFilm(specOf(clear, 2)))).not.toBe(first)
  })

  it('show dark lungs, a brighter heart, the brightest spine and black air beside the body', () => {
    const { at } = draw(clear)
    const lung = at(RIGHT_LUNG).mean
    const heart = at([12, 26, vertebraLevel(7), vertebraLevel(8)]).mean
    const spine = at([-3, 3, vertebraLevel(6) - 2, vertebraLevel(6) + 2]).mean
    expect(at([-62, -58, 5, 15]).mean).toBeLessThan(lung)
    expect(lung + 400).toBeLessThan(heart)
    expect(heart + 200).toBeLessThan(spine)
  })

  it('are mirrored in value where the site stores MONOCHROME1', () => {
    const spec = specOf(clear)
    const plain = drawFilm(spec)
    const inverted = drawFilm({ ...spec, detector: { ...spec.detector, inverted: true } })
    expect(inverted.values.every((value, i) => value === 4095 - plain.values[i]!)).toBe(true)
  })

  it('say SYNTHETIC in the border below the exposed field', () => {
    const { film } = draw(clear)
    const border = film.values.subarray((film.rows - 30) * film.columns)
    const ink = border.filter(value => value > 3000).length
    expect(ink).toBeGreaterThan(400)
    expect(film.values.subarray(0, 8 * film.columns).every(value => value === 0)).toBe(true)
  })

  it('get whiter and lower-volumed with each grade of RDS', () => {
    const grades = [0, 0.3, 0.6, 0.95].map(severity =>
      severity === 0 ? clear : surfactantLack(severity, createRandom(9, 'grade'))
    )
    const brightness = grades.map(lungs => draw(lungs).at(RIGHT_LUNG).mean)
    expect([...brightness].sort((a, b) => a - b)).toEqual(brightness)
    const inflation = grades.map(lungs => lungs.inflation)
    expect([...inflation].sort((a, b) => b - a)).toEqual(inflation)
  })

  it('show free air beyond the edge of the lung in pneumothorax, on its side only', () => {
    for (const side of ['right', 'left'] as const) {
      const air = draw({ ...clear, density: 0.35, pneumothorax: { side, size: 0.6, kind: 'lateral' } })
      const [ill, well] = side === 'right' ? [RIGHT_LUNG, LEFT_LUNG] : [LEFT_LUNG, RIGHT_LUNG]
      const healthy = draw({ ...clear, density: 0.35 })
      expect(air.at(ill).mean).toBeLessThan(healthy.at(ill).mean - 200)
      expect(Math.abs(air.at(well).mean - healthy.at(well).mean)).toBeLessThan(150)
    }
  })

  it('show the collapsed lobe white', () => {
    const apex: Box = [-30, -18, vertebraLevel(2.2), vertebraLevel(3.2)]
    expect(draw(collapse('RUL', 0.9, clear)).at(apex).mean).toBeGreaterThan(draw(clear).at(apex).mean + 300)
    expect(draw(collapse('left-lung', 0.9, clear)).at(LEFT_LUNG).mean).toBeGreaterThan(
      draw(clear).at(LEFT_LUNG).mean + 400
    )
  })

  it('are coarser in BPD and in interstitial air than in clear lungs', () => {
    const smooth = draw(clear).at(RIGHT_LUNG).roughness
    const leak = airLeak('interstitial', 0.8, clear, createRandom(5))
    expect(draw(chronicChange(0.9, createRandom(5))).at(RIGHT_LUNG).roughness).toBeGreaterThan(1.25 * smooth)
    expect(
      draw({ ...leak, interstitialAir: { sides: ['right'], amount: 1 } }).at(RIGHT_LUNG).roughness
    ).toBeGreaterThan(1.15 * smooth)
  })

  it('do not tell early RDS from early TTN where both are drawn uncertain, and do where they are typical', () => {
    const brightness = (make: (seed: number) => LungAppearance, from: number) =>
      Array.from({ length: 14 }, (_, k) => draw(make(from + k), from + k).at(RIGHT_LUNG).mean)
    const auc = (a: number[], b: number[]) =>
      a.reduce((wins, x) => wins + b.filter(y => x > y).length, 0) / (a.length * b.length)
    const uncertain = auc(
      brightness(seed => uncertainHaze(createRandom(seed, 'rds')), 100),
      brightness(seed => uncertainHaze(createRandom(seed, 'ttn')), 200)
    )
    const typical = auc(
      brightness(seed => surfactantLack(0.75, createRandom(seed, 'rds')), 100),
      brightness(seed => retainedFluid(0.6, createRandom(seed, 'ttn')), 200)
    )
    expect(Math.abs(uncertain - 0.5)).toBeLessThan(0.27)
    expect(typical).toBeGreaterThan(0.9)
  })
})
