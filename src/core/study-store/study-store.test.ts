import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openProjectDatabase, type ProjectDatabase } from '../database'
import { DIAGNOSES, type FilmHeader } from '../domain'
import { contentId, createRandom, systemClock } from '../foundation'
import { FACET_VALUE } from './facet-values'
import { patientIdOf } from './registration'
import { createStudyStore } from './study-store'
import {
  FACET_KEYS,
  SORT_KEYS,
  type FilmFilter,
  type FilmRegistration,
  type FilmRow,
  type FilmSort,
  type StoredPrediction,
  type StudyStore
} from './types'

let folder: string
let database: ProjectDatabase
let studies: StudyStore

const stateOf = (context: { gaDays: number | null; ageHours: number | null }) =>
  context.gaDays === null ? 'missing' : (context.ageHours ?? 0) > 100 ? 'warn' : 'ok'

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neogate-studies-'))
  database = await openProjectDatabase({ folder, mode: 'create', name: 'Test' })
  studies = createStudyStore(database, systemClock, stateOf)
})
afterEach(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

const header = { format: 'dicom', rows: 10, columns: 12, sopInstanceUid: '1.2.3' } as FilmHeader

function film(name: string, changes: Partial<FilmRegistration> = {}): FilmRegistration {
  return {
    id: contentId('film', name),
    root: '/data',
    path: `${name}.dcm`,
    rawPath: null,
    patientKey: 'P1',
    site: 'Seoul',
    header,
    byteSize: 100,
    modifiedAt: '2024-01-01T00:00:00.000Z',
    fingerprint: name,
    filmTime: null,
    birthTime: null,
    sex: null,
    viewPosition: null,
    ...changes
  }
}

const everything: FilmFilter = { text: '', facets: {} }
const byPatient: FilmSort = { key: 'patientKey', direction: 'ascending' }
const paths = async (filter: FilmFilter = everything, sort = byPatient) =>
  (await studies.query({ filter, sort }, 0, 100)).rows.map(row => row.path)

describe('registering', () => {
  it('is idempotent, and tells what is new, unchanged and changed', async () => {
    const films = [film('a'), film('b')]
    expect(await studies.registerFilms(films)).toEqual(['new', 'new'])
    expect(await studies.registerFilms(films)).toEqual(['unchanged', 'unchanged'])
    const moved = film('a', { root: '/moved' })
    expect(await studies.registerFilms([moved, films[1]!, film('c')])).toEqual([
      'changed',
      'unchanged',
      'new'
    ])
    expect(await studies.filePath(films[0]!.id)).toBe(join('/moved', 'a.dcm'))
    expect(await studies.counts()).toMatchObject({ films: 3, patients: 1, sites: 1 })
  })

  it('takes nothing in when one film fails', async () => {
    const broken = film('b', { path: undefined as never })
    await expect(studies.registerFilms([film('a'), broken])).rejects.toThrow()
    expect(await studies.counts()).toMatchObject({ films: 0, patients: 0 })
  })

  it('numbers the films of an infant in time order, those without a time last, whenever they arrive', async () => {
    await studies.registerFilms([film('late', { filmTime: '2024-01-03T00:00' }), film('unknown')])
    await studies.registerFilms([film('early', { filmTime: '2024-01-01T12:00' })])
    const { rows } = await studies.query({ filter: everything, sort: byPatient }, 0, 10)
    expect(rows.map(row => [row.path, row.filmNumber, row.filmCount])).toEqual([
      ['early.dcm', 1, 3],
      ['late.dcm', 2, 3],
      ['unknown.dcm', 3, 3]
    ])
    await studies.registerFilms([film('early', { filmTime: '2024-01-01T12:00', patientKey: 'P2' })])
    expect((await studies.rows([film('late').id]))[0]).toMatchObject({ filmNumber: 1, filmCount: 2 })
    expect((await studies.rows([film('early').id]))[0]).toMatchObject({ filmNumber: 1, filmCount: 1 })
  })

  it('keeps infants with the same key at two sites apart, and one infant in NFC and NFD together', async () => {
    const key = '김아기'
    await studies.registerFilms([
      film('a', { patientKey: key.normalize('NFC') }),
      film('b', { patientKey: key.normalize('NFD') }),
      film('c', { patientKey: key, site: 'Busan' })
    ])
    expect((await studies.counts()).patients).toBe(2)
    expect(await studies.filmsOf(patientIdOf('Seoul', key.normalize('NFD')))).toHaveLength(2)
  })

  it('works out ages from times of day, and judges the context of each film at its age', async () => {
    await studies.registerFilms([
      film('a', { birthTime: '2024-01-01T06:00', filmTime: '2024-01-02T07:30:00' }),
      film('b', { filmTime: '2024-01-09' })
    ])
    await database.kysely.updateTable('patient').set({ ga_days: 200 }).execute()
    await studies.registerFilms([film('c', { filmTime: '2024-01-11T06:00' })])
    const rows = await studies.rows(['a', 'b', 'c'].map(name => film(name).id))
    expect(rows.map(row => row.ageHours)).toEqual([25.5, null, 240])
    expect(rows.map(row => row.contextState)).toEqual(['ok', 'ok', 'warn'])
  })

  it('learns a time of birth and a sex later, and never forgets them', async () => {
    await studies.registerFilms([film('a', { filmTime: '2024-01-02T00:00' })])
    await studies.registerFilms([film('b', { birthTime: '2024-01-01T00:00', sex: 'F' })])
    await studies.registerFilms([film('c')])
    expect((await studies.rows([film('a').id]))[0]).toMatchObject({ ageHours: 24, sex: 'F' })
    expect((await studies.rows([film('c').id]))[0]).toMatchObject({ sex: 'F' })
  })

  it('finds the file by its own spelling', async () => {
    const nfd = '가/필름.dcm'.normalize('NFD')
    await studies.registerFilms([film('a', { path: nfd.normalize('NFC'), rawPath: nfd })])
    expect(await studies.filePath(film('a').id)).toBe(join('/data', nfd))
    expect((await studies.detail(film('a').id)).row.path).toBe(nfd.normalize('NFC'))
  })
})

describe('finding', () => {
  it('ignores case and composition, and takes nothing in the text for a pattern', async () => {
    await studies.registerFilms([
      film('a', { path: 'Ward/100%_A.dcm' }),
      film('b', { path: '병동/나.dcm', patientKey: 'Ünal' }),
      film('c', { path: 'x.dcm', site: 'Daegu' })
    ])
    const find = (text: string) => paths({ text, facets: {} })
    expect(await find('ward')).toEqual(['Ward/100%_A.dcm'])
    expect(await find(' %_a ')).toEqual(['Ward/100%_A.dcm'])
    expect(await find('%a')).toEqual([])
    expect(await find('병동'.normalize('NFD'))).toEqual(['병동/나.dcm'])
    expect(await find('üNAL')).toEqual(['병동/나.dcm'])
    expect(await find('daegu')).toEqual(['x.dcm'])
    expect(await find('a.dcm\nSeoul')).not.toContain('x.dcm')
  })

  it('leaves the path out where only names are searched, which is another question than the same text', async () => {
    await studies.registerFilms([
      film('a', { path: 'TTN/a.dcm' }),
      film('b', { path: 'b.dcm', patientKey: 'ttn-7' }),
      film('c', { path: 'c.dcm', site: 'TTN ward' })
    ])
    const sought = { text: 'ttn', facets: {} }
    expect(await paths(sought)).toHaveLength(3)
    expect((await paths({ ...sought, textIn: 'names' })).sort()).toEqual(['b.dcm', 'c.dcm'])
    const { site } = await studies.facets({ ...sought, textIn: 'names' })
    expect(site!.reduce((sum, { count }) => sum + count, 0)).toBe(2)
  })

  it('refuses ids that are not there', async () => {
    for (const call of [studies.detail('none'), studies.rows(['none']), studies.filePath('none')]) {
      await expect(call).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
  })

  it('shows at once what other stores have written', async () => {
    await studies.registerFilms([film('a'), film('b')])
    expect((await studies.facets(everything)).label).toEqual([{ value: 'unlabelled', count: 2 }])
    await database.kysely.updateTable('film').set({ label: 'RDS' }).where('id', '=', film('b').id).execute()
    expect(await paths({ text: '', facets: { label: ['RDS'] } })).toEqual(['b.dcm'])
    expect(await studies.counts()).toMatchObject({ labelled: 1 })
  })

  it('keeps no order that was made while many films were being brought up to date', async () => {
    const films = Array.from({ length: 2600 }, (_, i) => film(`${i}`, { viewPosition: 'AP' }))
    await studies.registerFilms(films)
    /** Hides what was committed from the next question, as if the commit came right after it. */
    let hidden = false
    const late: ProjectDatabase = {
      ...database,
      takeChangedFilms: async () => {
        if (!hidden) return database.takeChangedFilms()
        hidden = false
        return []
      }
    }
    const store = createStudyStore(late, systemClock, stateOf)
    await store.facets(everything)
    const ids = films.map(({ id }) => id)
    const { id: set } = await store.keepSet('all', ids)
    const byView = {
      filter: { ...everything, set },
      sort: { key: 'viewPosition', direction: 'ascending' }
    } as const
    await database.kysely.updateTable('film').set({ view_position: 'PA' }).execute()
    await database.kysely.updateTable('film').set({ view_position: 'AA' }).where('id', '=', ids[7]!).execute()
    hidden = true
    await Promise.all([store.ids(byView), store.facets(everything)])
    expect((await store.ids(byView))[0]).toBe(ids[7])
  })

  it('orders, filters and counts as a plain reference does, on random films', async () => {
    const random = createRandom(11, 'films')
    const films = Array.from({ length: 300 }, (_, i) =>
      film(`f${i}`, {
        path: `${random.pick(['Ward', 'NICU'])}/${random.integer(0, 99)}/${i}.dcm`,
        patientKey: `P${random.integer(1, 60)}`,
        site: random.pick(['Seoul', 'Busan', 'Jeju']),
        filmTime: random.chance(0.8) ? `2024-01-${random.integer(10, 28)}T10:00:00` : null,
        birthTime: '2024-01-09T10:00:00',
        viewPosition: random.pick(['AP', 'PA', null])
      })
    )
    await studies.registerFilms(films)
    for (const { id } of films) {
      const certainty = random.pick(['sure', 'unsure', null])
      await database.kysely
        .updateTable('film')
        .set({
          label: certainty && random.pick(DIAGNOSES),
          certainty,
          tags: random.pick([
            null,
            null,
            'pneumothorax:left',
            'pneumothorax cardiomegaly ett:too-low',
            'ett:absent'
          ]),
          predicted: random.pick([...DIAGNOSES, null]),
          confidence: random.pick([0.3, 0.5, 0.9, null]),
          ga_days: random.pick([170, 200, 230, 250, 280, null]),
          bw_grams: random.pick([800, 1200, 2000, 3000, 4200, null])
        })
        .where('id', '=', id)
        .execute()
    }
    const all = await studies.rows(films.map(({ id }) => id))

    const severalOf: Partial<Record<(typeof FACET_KEYS)[number], Record<string, string[]>>> = {
      finding: {
        'pneumothorax:left': ['pneumothorax'],
        'pneumothorax cardiomegaly ett:too-low': ['pneumothorax', 'cardiomegaly']
      },
      device: {
        'pneumothorax cardiomegaly ett:too-low': ['misplaced', 'ett:too-low'],
        'ett:absent': ['ett:absent']
      }
    }
    const valuesOf = (key: (typeof FACET_KEYS)[number], row: FilmRow): string[] => {
      const several = severalOf[key]
      return several ? (several[row.tags.join(' ')] ?? ['none']) : [FACET_VALUE[key](row)]
    }
    const passes = (row: FilmRow, filter: FilmFilter, but?: string) =>
      `${row.patientKey}\n${row.path}\n${row.site}`.toLowerCase().includes(filter.text.toLowerCase()) &&
      FACET_KEYS.every(key => {
        const chosen = filter.facets[key]
        return (
          key === but ||
          !chosen ||
          chosen.length === 0 ||
          valuesOf(key, row).some(value => chosen.includes(value))
        )
      })
    const order = (sort: FilmSort) => (a: FilmRow, b: FilmRow) => {
      const by = (x: string | number | null, y: string | number | null, sign: 1 | -1) =>
        x === y ? 0 : x === null ? 1 : y === null ? -1 : x < y ? -sign : sign
      return (
        by(a[sort.key], b[sort.key], sort.direction === 'ascending' ? 1 : -1) ||
        by(a.patientKey, b.patientKey, 1) ||
        by(a.patientId, b.patientId, 1) ||
        by(a.filmTime, b.filmTime, 1) ||
        by(a.id, b.id, 1)
      )
    }
    for (let trial = 0; trial < 60; trial++) {
      const filter: FilmFilter = { text: random.pick(['', '', 'nicu', 'p1', 'seoul']), facets: {} }
      for (const key of FACET_KEYS) {
        if (!random.chance(0.25)) continue
        const values = [...new Set(all.flatMap(row => valuesOf(key, row)))]
        filter.facets[key] = values.filter(() => random.chance(0.6))
      }
      const sort: FilmSort = {
        key: random.pick(SORT_KEYS),
        direction: random.pick(['ascending', 'descending'])
      }
      const expected = all.filter(row => passes(row, filter)).sort(order(sort))
      expect(await studies.ids({ filter, sort })).toEqual(expected.map(row => row.id))
      const page = await studies.query({ filter, sort }, 5, 10)
      expect(page).toEqual({ total: expected.length, rows: expected.slice(5, 15) })
      const facets = await studies.facets(filter)
      for (const key of FACET_KEYS) {
        const counted = new Map<string, number>(filter.facets[key]?.map(value => [value, 0]))
        for (const row of all) {
          if (!passes(row, filter, key)) continue
          for (const value of valuesOf(key, row)) counted.set(value, (counted.get(value) ?? 0) + 1)
        }
        const sorted = [...counted].sort(([a], [b]) => (a < b ? -1 : 1))
        expect(facets[key]).toEqual(sorted.map(([value, count]) => ({ value, count })))
      }
    }
  })
})

describe('predictions', () => {
  const model = { modelHash: 'h1', preprocessingHash: 'p' }
  const said = (name: string, changes: Partial<StoredPrediction> = {}): StoredPrediction => ({
    filmId: film(name).id,
    ...model,
    gaDays: null,
    bwGrams: null,
    logits: Float32Array.of(1, 2, 3, 4, 5, 6),
    probabilities: Float32Array.of(0, 0, 0, 0, 0, 1),
    predicted: 'TTN',
    confidence: 0.75,
    pooled: Float32Array.from({ length: 7 }, (_, i) => i / 3),
    maps: null,
    mapGeometry: { rows: 1 },
    provider: 'cpu',
    createdAt: '2024-01-01T00:00:00.000Z',
    ...changes
  })
  const addModel = (id: string, hash: string) =>
    database.kysely
      .insertInto('model')
      .values({
        id,
        hash,
        name: id,
        folder: id,
        method: 'ccgn',
        preprocessing_hash: 'p',
        info_json: '{}',
        created_at: ''
      })
      .execute()

  it('come back as they were stored', async () => {
    await studies.registerFilms([film('a')])
    await studies.setPredictions([said('a')])
    expect(await studies.prediction(film('a').id, model)).toEqual(said('a'))
    await studies.setPredictions([said('a', { predicted: 'RDS', pooled: null })])
    expect(await studies.prediction(film('a').id, model)).toMatchObject({ predicted: 'RDS', pooled: null })
    expect(await studies.prediction(film('a').id, { ...model, modelHash: 'other' })).toBeNull()
  })

  it('give their features, by the first version that has them', async () => {
    await studies.registerFilms([film('a'), film('b'), film('c')])
    const parent = { ...model, modelHash: 'h0' }
    const own = Float32Array.of(1, 2, 3)
    await studies.setPredictions([
      said('a', { pooled: own }),
      said('a', { modelHash: 'h0' }),
      said('b', { pooled: null }),
      said('b', { modelHash: 'h0' })
    ])
    const [a, b, c] = [film('a').id, film('b').id, film('c').id]
    expect(await studies.pooled([model, parent], [a, b, c])).toEqual(
      new Map([
        [a, own],
        [b, said('b').pooled]
      ])
    )
    expect((await studies.withPooled([model])).sort()).toEqual([a])
    expect((await studies.withPooled([model, parent])).sort()).toEqual([a, b].sort())
    expect((await studies.contexts()).map(({ id }) => id)).toEqual([a, b, c].sort())
  })

  it('are shown where they are of the active model', async () => {
    await studies.registerFilms([film('a'), film('b')])
    await addModel('m1', 'h1')
    await addModel('m2', 'h2')
    await studies.setActiveModel('m1')
    await studies.setPredictions([said('a'), said('b', { modelHash: 'h2', predicted: 'BPD' })])
    const shown = async () =>
      (await studies.rows([film('a').id, film('b').id])).map(row => [row.predicted, row.confidence])
    expect(await shown()).toEqual([
      ['TTN', 0.75],
      [null, null]
    ])
    await studies.setActiveModel('m2')
    expect(await shown()).toEqual([
      [null, null],
      ['BPD', 0.75]
    ])
    await studies.setActiveModel(null)
    expect((await studies.counts()).predicted).toBe(0)
    await expect(studies.setActiveModel('none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('are wanted for films that have none, or were asked with another context; not for missing files', async () => {
    await studies.registerFilms([film('a'), film('b'), film('c'), film('d')])
    await studies.setPredictions([said('a'), said('b', { gaDays: 200 })])
    await studies.markMissing([film('d').id], true)
    expect((await studies.withoutPrediction(model)).sort()).toEqual([film('b').id, film('c').id].sort())
    expect((await studies.rows([film('d').id]))[0]!.missing).toBe(true)
    expect(await studies.predictedBy(model)).toEqual(new Map([[film('a').id, 'TTN']]))
    expect(await studies.predictedBy({ ...model, modelHash: 'other' })).toEqual(new Map())
  })
})
