import { describe, expect, it } from 'vitest'
import { checkSplit, type PresentFilm } from './check-split'
import { manifestHash, type Manifest } from './manifest'

/** Two infants on the train side, one each on the others, two films each. */
const manifest: Manifest = {
  proportions: [0.5, 0.25, 0.25],
  seed: 1,
  parentHash: null,
  patients: [
    { id: 'a', side: 'train' },
    { id: 'b', side: 'train' },
    { id: 'v', side: 'validation' },
    { id: 't', side: 'test' }
  ],
  films: ['a', 'b', 'v', 't'].flatMap(patientId =>
    [1, 2].map(number => ({ id: `${patientId}${number}`, patientId, label: 'RDS' }))
  )
}
const hash = manifestHash(manifest)

const present = (id: string, patientId: string, more: Partial<PresentFilm> = {}): PresentFilm => ({
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
  sopInstanceUid: null,
  birthTime: null,
  sex: null,
  ...more
})

/** The project as the split found it, with some films otherwise, and some more. */
function project(
  changes: Record<string, Partial<PresentFilm>> = {},
  more: PresentFilm[] = []
): PresentFilm[] {
  return [...manifest.films.map(({ id, patientId }) => present(id, patientId, changes[id])), ...more]
}
const check = (films: PresentFilm[], recorded = hash) => checkSplit(manifest, recorded, films, new Map())

describe('checkSplit', () => {
  it('finds nothing in a project that is as it was', () => {
    const result = check(project())
    expect(result).toMatchObject({
      passed: true,
      hash: { intact: true },
      leakCount: 0,
      suspicions: { instanceUids: 0, infants: 0 },
      pixels: { compared: 0, films: 8 }
    })
    expect(Object.values(result.drift).every(count => count === 0)).toBe(true)
    expect(result.table.films).toEqual({ train: 4, validation: 2, test: 2 })
    expect(result.table.infants).toEqual({ train: 2, validation: 1, test: 1 })
  })

  it('fails a manifest that has another hash', () => {
    expect(check(project(), 'f'.repeat(64))).toMatchObject({ passed: false, hash: { intact: false } })
  })

  it('finds an infant on two sides', () => {
    const { passed, leaks } = check(project({ a1: { patientId: 't' } }))
    expect(passed).toBe(false)
    expect(leaks).toEqual([{ kind: 'infant', sides: ['train', 'test'], filmIds: ['a1', 't1', 't2'] }])
  })

  it('finds equal files and equal pictures across sides, also outside the manifest, but not within a side', () => {
    const films = project({ a1: { fingerprint: 'f' }, b1: { fingerprint: 'f' }, v1: { pixels: 'p' } }, [
      present('t3', 't', { pixels: 'p' }),
      present('x1', 'x', { pixels: 'p' })
    ])
    expect(check(films).leaks).toEqual([
      { kind: 'pixels', sides: ['validation', 'test'], filmIds: ['t3', 'v1'] }
    ])
    expect(check(project({ a1: { fingerprint: 'f' }, t1: { fingerprint: 'f' } })).leaks).toEqual([
      { kind: 'fingerprint', sides: ['train', 'test'], filmIds: ['a1', 't1'] }
    ])
  })

  it('counts what has changed since', () => {
    const films = project(
      {
        a1: { label: 'TTN' },
        a2: { label: null },
        b1: { missing: true },
        b2: { contextState: 'blocked' },
        v1: { patientId: 'new' }
      },
      [present('t3', 't'), present('y', 'other'), present('z', 'other', { label: null })]
    )
    const { passed, drift } = check(films)
    expect(passed).toBe(true)
    expect(drift).toEqual({
      relabelled: 1,
      unlabelled: 1,
      unreadable: 1,
      implausible: 1,
      moved: 1,
      added: 1,
      unassigned: 1
    })
  })

  it('points to shared instance UIDs and look-alike infants without failing for them', () => {
    const traits = { birthTime: '2024-03-01T10:00', sex: 'M' }
    const films = project({
      a1: { sopInstanceUid: '1.2.3', ...traits },
      v1: { sopInstanceUid: '1.2.3' },
      t1: traits,
      t2: { ...traits, sex: null }
    })
    expect(check(films)).toMatchObject({ passed: true, suspicions: { instanceUids: 1, infants: 1 } })
  })

  it('shows the first hundred of many leaks, and says how many there are', () => {
    const many = project(
      {},
      Array.from({ length: 150 }, (_, index) => [
        present(`a-${index}`, 'a', { fingerprint: `same-${index}` }),
        present(`t-${index}`, 't', { fingerprint: `same-${index}` })
      ]).flat()
    )
    const { leaks, leakCount } = check(many)
    expect(leaks).toHaveLength(100)
    expect(leakCount).toBe(150)
  })
})
