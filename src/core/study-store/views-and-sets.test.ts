import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openProjectDatabase, projectSplitSides, type ProjectDatabase } from '../database'
import type { FilmHeader } from '../domain'
import { contentId, systemClock } from '../foundation'
import { createStudyStore } from './study-store'
import { createStudyViews } from './study-views'
import type { FilmFilter, FilmRegistration, FilmSort, StudyStore } from './types'

let folder: string
let database: ProjectDatabase
let studies: StudyStore

const ids = Array.from({ length: 6 }, (_, i) => contentId('film', String(i)))
const film = (i: number): FilmRegistration => ({
  id: ids[i]!,
  root: '/data',
  path: `${i}.dcm`,
  rawPath: null,
  patientKey: `P${i >> 1}`,
  site: 'Seoul',
  header: { format: 'dicom', rows: 10, columns: 12 } as FilmHeader,
  byteSize: 100,
  modifiedAt: '2024-01-01T00:00:00.000Z',
  fingerprint: String(i),
  filmTime: i === 0 ? null : `2024-01-0${9 - i}T00:00:00`,
  birthTime: null,
  sex: null,
  viewPosition: null
})
const byPatient: FilmSort = { key: 'patientKey', direction: 'ascending' }
const everything: FilmFilter = { text: '', facets: {} }
const open = () => createStudyStore(database, systemClock, () => 'ok')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neogate-views-'))
  database = await openProjectDatabase({ folder, mode: 'create', name: 'Test' })
  studies = open()
  await studies.registerFilms(ids.map((_, i) => film(i)))
})
afterEach(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

describe('the first rows', () => {
  it('come from the database as they later come from the index', async () => {
    const early = await open().query({ filter: everything, sort: byPatient }, 0, 4)
    const store = open()
    await store.counts()
    expect(early).toEqual(await store.query({ filter: everything, sort: byPatient }, 0, 4))
    expect(early.total).toBe(6)
  })
})

describe('sets of films', () => {
  it('narrow the table and its counts, and are the same when kept again', async () => {
    const kept = await studies.keepSet('Evaluation: TTN for RDS', [ids[4]!, ids[1]!, ids[4]!])
    expect(kept).toMatchObject({ name: 'Evaluation: TTN for RDS', films: 2 })
    expect(await studies.keepSet('Evaluation: TTN for RDS', [ids[4]!, ids[1]!])).toEqual(kept)
    const filter = { ...everything, set: kept.id }
    expect(await open().ids({ filter, sort: byPatient })).toEqual([ids[1], ids[4]])
    expect((await studies.facets(filter)).site).toEqual([{ value: 'Seoul', count: 2 }])
    expect(await studies.ids({ filter: { ...filter, text: '4.dcm' }, sort: byPatient })).toEqual([ids[4]])
    expect(await studies.getSet(kept.id)).toEqual(kept)
    expect((await studies.query({ filter: everything, sort: byPatient }, 0, 9)).total).toBe(6)
  })

  it('refuse films and sets that are not there', async () => {
    await expect(studies.keepSet('x', [contentId('none')])).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const filter = { ...everything, set: contentId('none') }
    await expect(studies.ids({ filter, sort: byPatient })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('split sides', () => {
  it('are those of the split that was made last', async () => {
    const rows = { split_id: 's', label: 'RDS' }
    await database.kysely
      .insertInto('split')
      .values({
        id: 's',
        name: 's',
        created_at: '',
        reader: '',
        seed: 1,
        proportions_json: '[]',
        manifest_hash: '',
        report_json: '{}'
      })
      .execute()
    const patients = new Map((await studies.rows(ids)).map(row => [row.id, row.patientId]))
    await database.kysely
      .insertInto('split_patient')
      .values({ split_id: 's', patient_id: patients.get(ids[0]!)!, side: 'test' })
      .execute()
    await database.kysely
      .insertInto('split_film')
      .values({ ...rows, film_id: ids[0]!, patient_id: patients.get(ids[0]!)! })
      .execute()
    await database.kysely.transaction().execute(transaction => projectSplitSides(transaction, 's'))
    expect((await studies.facets(everything)).splitSide).toEqual([
      { value: 'none', count: 5 },
      { value: 'test', count: 1 }
    ])
  })
})

describe('saved views', () => {
  const view = {
    id: null,
    name: 'Disagreements',
    filter: { text: '', facets: { agreement: ['disagree'] } },
    sort: { key: 'confidence', direction: 'descending' } as FilmSort,
    columns: null,
    isDefault: false,
    changedBy: 'Kim'
  }

  it('are saved, renamed, removed and brought back under their id', async () => {
    const views = createStudyViews(database, systemClock)
    const saved = await views.save(view)
    expect(saved).toMatchObject({ ...view, id: saved.id })
    await views.save({ ...view, id: saved.id, name: 'To adjudicate' })
    expect((await views.list()).map(({ name }) => name)).toEqual(['To adjudicate'])
    await views.remove(saved.id)
    expect(await views.list()).toEqual([])
    await expect(views.remove(saved.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await views.save({ ...view, id: saved.id })).id).toBe(saved.id)
  })

  it('have different names, and one default at most', async () => {
    const views = createStudyViews(database, systemClock)
    await views.save({ ...view, isDefault: true })
    await expect(views.save(view)).rejects.toMatchObject({ code: 'INVALID_INPUT', detail: { field: 'name' } })
    await views.save({ ...view, name: 'Other', isDefault: true })
    expect((await views.list()).map(({ name, isDefault }) => [name, isDefault])).toEqual([
      ['Disagreements', false],
      ['Other', true]
    ])
  })
})
