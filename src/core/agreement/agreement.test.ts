import { describe, expect, it } from 'vitest'
import { createRandom } from '../foundation'
import {
  compareClassPair,
  comparePair,
  comparePanel,
  cohenKappa,
  gwetAc1,
  krippendorffAlpha,
  panelBy,
  percentAgreement,
  valueOf,
  withInterval,
  type ReadFilm
} from './index'

const OPTIONS = { resamples: 200, seed: 1 }
const film = (id: string, patientId: string, ...readings: (number | null)[]): ReadFilm => ({
  id,
  patientId,
  site: patientId < 'c' ? 'North' : 'South',
  gaBand: '34-36',
  readings
})

describe('agreement', () => {
  it('says nothing where there is nothing to say', () => {
    expect(valueOf(percentAgreement(6), [[1, null]])).toBeNull()
    // Everybody gave one class: chance alone explains it.
    expect(valueOf(cohenKappa(6), [[3, 3]])).toBeNull()
    expect(valueOf(krippendorffAlpha(6), [[3, 3]])).toBeNull()
    expect(valueOf(gwetAc1(6), [[3, 3]])).toBe(1)
    const empty = comparePanel([], 6, OPTIONS)
    expect(empty).toMatchObject({ films: 0, percent: null, fleiss: null, ac1: null })
  })

  it('keeps AC1 steady under a prevailing class, where kappa collapses', () => {
    const ratings = [...Array<[number, number]>(96).fill([0, 0]), [0, 1], [1, 0], [0, 1], [1, 0]]
    expect(valueOf(cohenKappa(2), ratings)!).toBeLessThan(0)
    expect(valueOf(gwetAc1(2), ratings)!).toBeGreaterThan(0.95)
  })

  it('resamples infants, not films: the interval is the wider for it', () => {
    const random = createRandom(5)
    const films = Array.from({ length: 40 }, (_, infant) => {
      const alike = random.chance(0.7)
      return Array.from({ length: 6 }, (_, n) => film(`${infant}.${n}`, `${infant}`, 0, alike ? 0 : 1))
    }).flat()
    const ratings = films.map(({ readings }) => readings)
    const width = (clusters: string[]) => {
      const { low, high } = withInterval(percentAgreement(2), ratings, clusters, OPTIONS)!
      return high! - low!
    }
    expect(width(films.map(({ patientId }) => patientId))).toBeGreaterThan(
      1.8 * width(films.map(({ id }) => id))
    )
  })

  it('gives no interval from a handful of infants', () => {
    const figure = withInterval(
      percentAgreement(2),
      [
        [0, 0],
        [0, 1]
      ],
      ['a', 'b'],
      OPTIONS
    )
    expect(figure).toEqual({ estimate: 0.5, low: null, high: null, resamples: 0 })
  })

  it('covers the agreement of the population about as often as it says', () => {
    let covered = 0
    const simulations = 150
    for (let s = 0; s < simulations; s++) {
      const random = createRandom(s, 'coverage')
      const infants: string[] = []
      const ratings = Array.from({ length: 150 }, (_, i) => {
        infants.push(String(i))
        return [0, random.chance(0.8) ? 0 : 1]
      })
      const { low, high } = withInterval(percentAgreement(2), ratings, infants, { resamples: 300, seed: s })!
      if (low! <= 0.8 && 0.8 <= high!) covered++
    }
    expect(covered / simulations).toBeGreaterThan(0.89)
  })

  it('compares two readers class by class, on the films that both read', () => {
    const found = comparePair(
      [film('1', 'a', 5, 4), film('2', 'a', 5, 5), film('3', 'b', 4, 4), film('4', 'b', 3, null)],
      6,
      OPTIONS
    )
    expect(found).toMatchObject({ films: 3, infants: 2, percent: { estimate: 2 / 3 } })
    expect(found.counts[5]![4]).toBe(1)
    expect(found.perClass[5]!.estimate).toBeCloseTo(2 / 3, 12)
    expect(found.perClass[0]).toBeNull()
  })

  it('asks of a pair of classes only films that all gave one of the two', () => {
    const found = compareClassPair(
      [
        { ...film('1', 'a', 5, 4), graded: [0, 2] },
        { ...film('2', 'b', 5, 5), graded: [0, 1] },
        film('3', 'c', 4, 4, 3),
        film('4', 'c', 5, null),
        film('5', 'd', 5, 3, 4)
      ],
      [5, 4],
      OPTIONS
    )
    expect(found).toMatchObject({ films: 2, disagreed: ['1', '5'], percent: { estimate: 0.5 } })
    expect(found.weighted).not.toBeNull()
  })

  it('takes Fleiss over films with the usual number of readings, and looks at sites apart', () => {
    const films = [
      film('1', 'a', 0, 0, 0),
      film('2', 'b', 0, 1, 1),
      film('3', 'c', 1, 1, 1),
      film('4', 'd', 1, 0, null)
    ]
    expect(comparePanel(films, 2, OPTIONS)).toMatchObject({ films: 4, readings: 3 })
    expect(
      panelBy(films, 'site', 2, OPTIONS).map(({ value, agreement }) => [value, agreement.films])
    ).toEqual([
      ['North', 2],
      ['South', 2]
    ])
  })
})
