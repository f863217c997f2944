import { describe, expect, it } from 'vitest'
import { DIAGNOSES, type Diagnosis } from '../../domain'
import { medianLogWeight } from './birth-weight'
import { planCohort, WRONG_CONTEXT_SHARE, WRONG_LABEL_SHARE, type PlannedInfant } from './plan-cohort'

const cohort = planCohort(1500, 11)
const films = cohort.flatMap(infant => infant.films.map(film => ({ infant, film })))

/** Area under the ROC curve of a score for telling `positive` from `negative`; ties count half. */
function auc(positive: number[], negative: number[]): number {
  let wins = 0
  for (const a of positive) for (const b of negative) wins += a > b ? 1 : a === b ? 0.5 : 0
  return wins / (positive.length * negative.length)
}

const gaOf = (course: PlannedInfant['course']) =>
  cohort.filter(infant => infant.course === course).map(infant => infant.gaDays)

describe('planned cohort', () => {
  it('is the same for the same seed and differs for another', () => {
    expect(planCohort(30, 5)).toEqual(planCohort(30, 5))
    expect(planCohort(30, 5)).not.toEqual(planCohort(30, 6))
  })

  it('has the shares of films that the literature gives for RDS and TTN, and enough of the others', () => {
    const share = (diagnosis: Diagnosis) =>
      films.filter(({ film }) => film.diagnosis === diagnosis).length / films.length
    expect(share('RDS')).toBeGreaterThan(0.32)
    expect(share('RDS')).toBeLessThan(0.41)
    expect(share('TTN')).toBeGreaterThan(0.11)
    expect(share('TTN')).toBeLessThan(0.18)
    for (const diagnosis of DIAGNOSES) expect(share(diagnosis)).toBeGreaterThan(0.06)
  })

  it('has unique paths in NFC and film times after birth, in order', () => {
    const paths = films.map(({ film }) => film.path)
    expect(new Set(paths).size).toBe(paths.length)
    for (const path of paths) expect(path).toBe(path.normalize('NFC'))
    for (const infant of cohort) {
      const times = [infant.bornAt, ...infant.films.map(film => film.takenAt)]
      expect([...times].sort()).toEqual(times)
    }
  })

  it('plants the promised number of wrong labels, mostly TTN for RDS and back', () => {
    const wrong = films.filter(({ film }) => film.labelled !== film.diagnosis)
    expect(wrong.length).toBe(Math.round(films.length * WRONG_LABEL_SHARE))
    const swapped = wrong.filter(({ film }) => [film.diagnosis, film.labelled].sort().join() === 'RDS,TTN')
    expect(swapped.length / wrong.length).toBeGreaterThan(0.5)
  })

  it('plants the promised number of wrong GA or BW, each different from the truth', () => {
    const wrong = cohort.filter(infant => infant.contextError)
    expect(wrong.length).toBe(Math.round(cohort.length * WRONG_CONTEXT_SHARE))
    for (const infant of cohort) {
      const { gaWeeks, gaExtraDays, bw } = infant.entered
      const isRight =
        Number(gaWeeks) * 7 + Number(gaExtraDays) === infant.gaDays && Number(bw) === infant.bwGrams
      expect(isRight).toBe(infant.contextError === null && !infant.weightMissing)
    }
    expect(new Set(wrong.map(infant => infant.contextError)).size).toBe(5)
  })

  it('keeps diseases to the hours of life in which they are seen', () => {
    for (const { film } of films) {
      if (film.diagnosis === 'BPD') expect(film.hours).toBeGreaterThanOrEqual(28 * 24)
      if (film.diagnosis === 'TTN') expect(film.hours).toBeLessThan(72)
    }
    const late = films.filter(({ infant, film }) => infant.course === 'TTN' && film.hours > 60)
    expect(late.length).toBeGreaterThan(20)
    for (const { film } of late) expect(film.diagnosis).toBe('Normal')
  })

  it('tells RDS from TTN by gestation, though both occur from 33 to 37 weeks', () => {
    const [rds, ttn] = [gaOf('RDS'), gaOf('TTN')]
    expect(auc(ttn, rds)).toBeGreaterThan(0.9)
    const between = (days: number[]) => days.filter(day => day >= 33 * 7 && day < 37 * 7).length / days.length
    expect(between(rds)).toBeGreaterThan(0.12)
    expect(between(ttn)).toBeGreaterThan(0.25)
  })

  it('draws birth weights about the INTERGROWTH medians, with small and large infants', () => {
    // 1132 g at 28+3, 1831 g at 32+3 and 3441 g at 40+3 for boys.
    expect(Math.exp(medianLogWeight(28 * 7 + 3, 'M'))).toBeCloseTo(1132, -1.5)
    expect(Math.exp(medianLogWeight(32 * 7 + 3, 'M'))).toBeCloseTo(1831, -1.5)
    expect(Math.exp(medianLogWeight(40 * 7 + 3, 'M'))).toBeCloseTo(3441, -1.5)
    const z = cohort.map(
      infant => (Math.log(infant.bwGrams) - medianLogWeight(infant.gaDays, infant.sex)) / 0.17
    )
    expect(Math.abs(z.reduce((sum, value) => sum + value, 0) / z.length)).toBeLessThan(0.25)
    expect(z.filter(value => value < -1.5).length / z.length).toBeGreaterThan(0.04)
    for (const infant of cohort) expect(infant.bwGrams).toBeGreaterThanOrEqual(320)
  })
})
