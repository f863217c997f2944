import { describe, expect, it } from 'vitest'
import { createRandom } from '../foundation'
import type { CandidateFilm } from './candidates'
import { makeSplit, type SplitOptions } from './make-split'
import { sidesOf, type Manifest } from './manifest'
import { randomCohort } from './random-cohort.fixture'
import { PAPER_PROPORTIONS, SIDES } from './sides'

const paper: SplitOptions = { proportions: PAPER_PROPORTIONS, seed: 1, extend: null }

function film(id: string, patientId: string, more: Partial<CandidateFilm> = {}): CandidateFilm {
  return {
    id,
    patientId,
    site: 'Seoul',
    label: 'RDS',
    missing: false,
    contextState: 'ok',
    gaDays: 200,
    bwGrams: 1200,
    fingerprint: id,
    pixels: null,
    ...more
  }
}
const infants = (count: number, more: Partial<CandidateFilm> = {}) =>
  Array.from({ length: count }, (_, index) => film(`f${index}`, `p${index}`, more))

/** Films per stratum and side, and how far each count is from its share. */
function deviations(
  films: readonly CandidateFilm[],
  manifest: Manifest,
  keyOf: (f: CandidateFilm) => string
) {
  const sides = sidesOf(manifest)
  const counts = new Map<string, number[]>()
  for (const f of films) {
    const row = counts.get(keyOf(f)) ?? [0, 0, 0]
    row[SIDES.indexOf(sides.get(f.patientId)!)]!++
    counts.set(keyOf(f), row)
  }
  return [...counts.values()].flatMap(row => {
    const total = row[0]! + row[1]! + row[2]!
    return row.map((count, side) => Math.abs(count - total * manifest.proportions[side]!))
  })
}

describe('a split of a large cohort', () => {
  it.each([
    { infants: 9000, sites: 10, seed: 1 },
    { infants: 9000, sites: 3, seed: 2 },
    { infants: 3000, sites: 5, seed: 3 }
  ])('of $infants infants at $sites sites is by infant and close to the proportions', cohort => {
    const films = randomCohort(cohort)
    const { manifest, table } = makeSplit(films, paper)

    const sides = sidesOf(manifest)
    expect(manifest.films).toHaveLength(films.length)
    expect(new Set(manifest.films.map(({ id }) => id)).size).toBe(films.length)
    expect(sides.size).toBe(new Set(films.map(f => f.patientId)).size)
    const infantOf = new Map(films.map(f => [f.id, f.patientId]))
    for (const { id, patientId } of manifest.films) expect(patientId).toBe(infantOf.get(id))

    const share = (count: number) => count / films.length
    SIDES.forEach((side, i) => expect(share(table.films[side])).toBeCloseTo(PAPER_PROPORTIONS[i]!, 2))
    SIDES.forEach((side, i) =>
      expect(table.infants[side] / cohort.infants).toBeCloseTo(PAPER_PROPORTIONS[i]!, 2)
    )
    const cells = deviations(films, manifest, f => `${f.label} ${f.site}`)
    const mean = cells.reduce((sum, value) => sum + value, 0) / cells.length
    expect(mean).toBeLessThan(1.5)
    expect(Math.max(...cells)).toBeLessThan(8)
    expect(Math.max(...deviations(films, manifest, f => f.label!))).toBeLessThan(8)
    expect(Math.max(...deviations(films, manifest, f => f.site))).toBeLessThan(8)
  })

  it('is closer to the proportions than placing infants at random', () => {
    const films = randomCohort({ infants: 3000, sites: 5, seed: 4 })
    const { manifest } = makeSplit(films, paper)
    const random = createRandom(1, 'coin')
    const atRandom: Manifest = {
      ...manifest,
      patients: manifest.patients.map(({ id }) => {
        const u = random.next()
        return { id, side: u < 0.8 ? 'train' : u < 0.9 ? 'validation' : 'test' }
      })
    }
    const sum = (of: Manifest) =>
      deviations(films, of, f => `${f.label} ${f.site}`).reduce((total, value) => total + value, 0)
    expect(sum(manifest)).toBeLessThan(0.2 * sum(atRandom))
  })

  it('depends neither on the order of the films nor on anything but seed and content', () => {
    const films = randomCohort({ infants: 1000, sites: 4, seed: 5 })
    const first = makeSplit(films, paper)
    const again = makeSplit(createRandom(9).shuffle(films), paper)
    expect(again).toEqual(first)
    const other = makeSplit(films, { ...paper, seed: 2 })
    expect(other.hash).not.toBe(first.hash)
    expect(sidesOf(other.manifest)).not.toEqual(sidesOf(first.manifest))
  })
})

describe('what is left out', () => {
  it('counts every film under one reason, and those without GA or BW among those that are in', () => {
    const films = [
      ...infants(20),
      film('a', 'pa', { label: null }),
      film('b', 'pb', { label: null, missing: true }),
      film('c', 'pc', { label: 'Pneumonia' }),
      film('d', 'pd', { missing: true }),
      film('e', 'pe', { contextState: 'blocked' }),
      film('f', 'pf', { contextState: 'confirm' }),
      film('g', 'pg', { contextState: 'missing', gaDays: null }),
      film('h', 'ph', { contextState: 'missing', bwGrams: null }),
      film('i', 'pi', { contextState: 'missing', gaDays: null, bwGrams: null })
    ]
    const { manifest, report } = makeSplit(films, paper)
    expect(report.candidates).toBe(29)
    expect(report.excluded).toEqual({
      unlabelled: 2,
      'unknown-class': 1,
      unreadable: 1,
      'implausible-context': 1
    })
    expect(report.context).toEqual({ complete: 21, withoutGa: 1, withoutBw: 1, withoutBoth: 1 })
    expect(manifest.films).toHaveLength(24)
    expect(sidesOf(manifest).has('pa')).toBe(false)
  })
})

describe('small and odd cohorts', () => {
  it.each([0, 1, 2])('refuses %i infants', count => {
    expect(() => makeSplit(infants(count), paper)).toThrow(/fewer than the 3 sides/)
  })

  it('does not count infants whose films are all left out', () => {
    expect(() => makeSplit([...infants(2), film('x', 'px', { label: null })], paper)).toThrow(
      /There are 2 infants/
    )
  })

  it('warns of classes without films, of sides that lack a class, and of sides with few films', () => {
    const { report, table } = makeSplit([...infants(20), film('t', 'pt', { label: 'TTN' })], paper)
    const codes = report.warnings.map(w => [w.code, w.diagnosis, w.side, w.count])
    expect(codes).toContainEqual(['class-without-films', 'BPD', null, 0])
    expect(
      codes.filter(([code, diagnosis]) => code === 'class-missing-on-side' && diagnosis === 'TTN')
    ).toHaveLength(2)
    expect(codes).toContainEqual(['few-films', null, 'validation', table.films.validation])
    expect(table.rows.filter(row => row.label === 'BPD')).toEqual([
      { label: 'BPD', site: 'Seoul', train: 0, validation: 0, test: 0 }
    ])
  })

  it('brings a class of three infants to every side', () => {
    const rare = [1, 2, 3].map(number => film(`r${number}`, `pr${number}`, { label: 'BPD' }))
    for (let seed = 1; seed <= 20; seed++) {
      const { table } = makeSplit([...infants(60), ...rare], { ...paper, seed })
      expect(table.rows.find(row => row.label === 'BPD')).toMatchObject({ train: 1, validation: 1, test: 1 })
    }
  })

  it('makes do with one film in validation', () => {
    const { table, report } = makeSplit(infants(3), paper)
    expect(table.films).toEqual({ train: 1, validation: 1, test: 1 })
    expect(report.warnings).toContainEqual({
      code: 'few-films',
      diagnosis: null,
      side: 'validation',
      count: 1
    })
  })
})

describe('equal films of several infants', () => {
  it('keeps such infants together, whichever content tells, and says so', () => {
    const films = infants(60)
    films[10]!.fingerprint = films[20]!.fingerprint
    films[20]!.pixels = films[30]!.pixels = 'same picture'
    for (let seed = 1; seed <= 20; seed++) {
      const { manifest, report } = makeSplit(films, { ...paper, seed })
      const sides = sidesOf(manifest)
      expect(new Set(['p10', 'p20', 'p30'].map(id => sides.get(id))).size).toBe(1)
      expect(report.warnings).toContainEqual({
        code: 'linked-infants',
        diagnosis: null,
        side: null,
        count: 3
      })
    }
  })
})

describe('extending a split', () => {
  const films = randomCohort({ infants: 800, sites: 3, seed: 6 })
  const before = makeSplit(films, paper)
  const more = randomCohort({ infants: 1500, sites: 3, seed: 6 })

  it('keeps every infant where it was and divides the new ones', () => {
    const { manifest, table } = makeSplit(more, { ...paper, seed: 7, extend: before })
    const [old, now] = [sidesOf(before.manifest), sidesOf(manifest)]
    for (const [infant, side] of old) expect(now.get(infant)).toBe(side)
    expect(now.size).toBe(1500)
    expect(manifest.parentHash).toBe(before.hash)
    SIDES.forEach((side, i) => {
      expect(table.films[side] / more.length).toBeCloseTo(PAPER_PROPORTIONS[i]!, 2)
    })
  })

  it('keeps the side of infants who have no usable film any more, so that a later one is not learnt from', () => {
    const testInfant = before.manifest.patients.find(({ side }) => side === 'test')!.id
    const withdrawn = films.map(f => (f.patientId === testInfant ? { ...f, label: null } : f))
    const next = makeSplit(withdrawn, { ...paper, extend: before })
    expect(sidesOf(next.manifest).get(testInfant)).toBe('test')
    const dropped = films.filter(f => f.patientId === testInfant).length
    expect(next.report.warnings).toContainEqual({
      code: 'films-dropped',
      diagnosis: null,
      side: null,
      count: dropped
    })
    const last = makeSplit(films, { ...paper, extend: next })
    expect(sidesOf(last.manifest).get(testInfant)).toBe('test')
  })

  it('puts a new infant who shares a film with an old one on that one’s side', () => {
    const testFilm = before.manifest.films.find(
      ({ patientId }) => sidesOf(before.manifest).get(patientId) === 'test'
    )!
    const twin = film('new', 'new-infant', { site: 'site-0', fingerprint: testFilm.id })
    const { manifest } = makeSplit([...films, twin], { ...paper, extend: before })
    expect(sidesOf(manifest).get('new-infant')).toBe('test')
  })

  it('says where infants who share a film were on different sides already, and where films changed sides', () => {
    const sides = sidesOf(before.manifest)
    const on = (side: string) => films.find(f => sides.get(f.patientId) === side)!
    const [learnt, asked] = [on('train'), on('test')]
    const now = films.map(f =>
      f === learnt
        ? { ...f, fingerprint: asked.fingerprint }
        : f === asked
          ? { ...f, patientId: learnt.patientId }
          : f
    )
    const { report } = makeSplit([...now, film('x', 'px', { fingerprint: 'x' })], {
      ...paper,
      extend: before
    })
    expect(report.warnings.map(w => [w.code, w.count])).toContainEqual(['films-changed-side', 1])
    const apart = makeSplit(
      films.map(f => (f === learnt ? { ...f, fingerprint: asked.fingerprint } : f)),
      { ...paper, extend: before }
    )
    expect(apart.report.warnings.map(w => [w.code, w.count])).toContainEqual(['linked-apart', 2])
    expect(sidesOf(apart.manifest).get(asked.patientId)).toBe('test')
  })
})
