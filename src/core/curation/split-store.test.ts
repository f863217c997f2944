import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openProjectDatabase, type ProjectDatabase } from '../database'
import { systemClock } from '../foundation'
import { sidesOf } from './manifest'
import { randomCohort } from './random-cohort.fixture'
import { PAPER_PROPORTIONS, type Side } from './sides'
import { createSplitStore } from './split-store'
import { addFilms, makeProject, removeProject } from './test-project.fixture'
import type { SplitStore } from './types'

const films = randomCohort({ infants: 150, sites: 2, seed: 1 })
const request = { name: null, proportions: null, seed: 1, extend: null, reader: 'Dr. Kim' }

let project: { folder: string; database: ProjectDatabase }
let splits: SplitStore

beforeEach(async () => {
  project = await makeProject(films)
  splits = createSplitStore(project.database, systemClock)
})
afterEach(() => removeProject(project))

async function filmsOn(split: string, side: Side): Promise<string[]> {
  const manifest = await splits.manifest(split)
  const sides = sidesOf(manifest)
  return manifest.films.filter(({ patientId }) => sides.get(patientId) === side).map(({ id }) => id)
}
const infantOf = (filmId: string) => films.find(({ id }) => id === filmId)!.patientId
const later = (patientId: string, id = 'later') => ({ ...films[0]!, id, patientId, fingerprint: id })

describe('making splits', () => {
  it('stores a split under a name and finds it again after the project was reopened', async () => {
    const { split, table } = await splits.make(request)
    expect(split).toMatchObject({
      name: 'split-1',
      reader: 'Dr. Kim',
      proportions: PAPER_PROPORTIONS,
      parentId: null
    })
    expect(table.films.train + table.films.validation + table.films.test).toBe(films.length)

    await project.database.close()
    project.database = await openProjectDatabase({ folder: project.folder, mode: 'open' })
    splits = createSplitStore(project.database, systemClock)
    expect(await splits.list()).toEqual([split])
    expect(await splits.get('split-1')).toEqual(split)
    expect(await splits.get(split.id)).toEqual(split)
    expect(await splits.table('split-1')).toEqual(table)
    expect((await splits.check('split-1')).passed).toBe(true)
  })

  it('has a hash that anyone can recompute from the rows, as the manifest’s description says', async () => {
    const { split } = await splits.make({ ...request, proportions: [0.5, 0.25, 0.25], seed: 7 })
    const infants = await project.database.kysely.selectFrom('split_patient').selectAll().execute()
    const rows = await project.database.kysely.selectFrom('split_film').selectAll().execute()
    const side = new Map(infants.map(row => [row.patient_id, row.side]))
    const lines = [
      '["neogate-split/1",[0.5,0.25,0.25],7,null]',
      ...infants.map(row => `["infant","${row.patient_id}","${row.side}"]`).sort(),
      ...rows
        .map(
          row => `["film","${row.film_id}","${row.patient_id}","${row.label}","${side.get(row.patient_id)}"]`
        )
        .sort()
    ]
    expect(
      createHash('sha256')
        .update(`${lines.join('\n')}\n`)
        .digest('hex')
    ).toBe(split.hash)
  })

  it('gives the same hash for the same content whatever the name, and never overwrites a name', async () => {
    const { split: first } = await splits.make(request)
    const { split: second } = await splits.make({ ...request, name: '  분할 ' })
    expect(second.name).toBe('분할')
    expect(second.hash).toBe(first.hash)
    await expect(splits.make({ ...request, name: '분할'.normalize('NFD') })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      detail: { field: 'name' }
    })
    expect((await splits.make(request)).split.name).toBe('split-3')
    expect((await splits.list()).map(({ name }) => name)).toEqual(['split-1', '분할', 'split-3'])
  })

  it('leaves nothing behind where it fails', async () => {
    await project.database.kysely.updateTable('film').set({ label: null }).execute()
    await expect(splits.make(request)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(splits.make({ ...request, extend: 'no such' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await splits.list()).toEqual([])
  })

  it('extends a split: old infants stay, new ones are divided, proportions are taken over', async () => {
    const { split: first } = await splits.make({ ...request, proportions: [0.6, 0.2, 0.2] })
    const before = await splits.manifest(first.id)
    const more = randomCohort({ infants: 300, sites: 2, seed: 1 }).slice(films.length)
    await addFilms(project.database, more)
    const { split } = await splits.make({ ...request, extend: 'split-1' })
    const after = await splits.manifest(split.id)
    expect(split).toMatchObject({ parentId: first.id, proportions: [0.6, 0.2, 0.2] })
    expect(after.parentHash).toBe(first.hash)
    expect(after.films.length).toBe(films.length + more.length)
    for (const [infant, side] of sidesOf(before)) expect(sidesOf(after).get(infant)).toBe(side)
    expect(await splits.manifest(first.id)).toEqual(before)
  })
})

describe('sides of films', () => {
  it('gives a later film its infant’s side, and new infants none until the split is extended', async () => {
    await splits.make(request)
    const [testFilm] = await filmsOn('split-1', 'test')
    await addFilms(project.database, [
      later(infantOf(testFilm!), 'later-test'),
      later('new-infant', 'later-new')
    ])
    const asked = [testFilm!, 'later-test', 'later-new']
    expect(await splits.sideOf('split-1', asked)).toEqual(['test', 'test', 'unassigned'])
    expect((await splits.check('split-1')).drift).toMatchObject({ added: 1, unassigned: 1 })
    await splits.make({ ...request, extend: 'split-1' })
    const [, , placed] = await splits.sideOf('split-2', asked)
    expect(['train', 'validation', 'test']).toContain(placed)
    await expect(splits.sideOf('split-1', ['nobody'])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('the locked test part', () => {
  beforeEach(async () => void (await splits.make(request)))

  it('is never among the films for training', async () => {
    const { train, validation } = await splits.trainingFilms('split-1')
    const test = await filmsOn('split-1', 'test')
    expect(train.length + validation.length + test.length).toBe(films.length)
    expect(test.length).toBeGreaterThan(0)
    expect([...train, ...validation].filter(id => test.includes(id))).toEqual([])
    const testInfants = new Set(test.map(infantOf))
    expect([...train, ...validation].some(id => testInfants.has(infantOf(id)))).toBe(false)
    await splits.assertNoTestFilms('split-1', [...train, ...validation])
  })

  it('is refused by number: films of the manifest, later films of its infants, equal films', async () => {
    const [testFilm, another] = await filmsOn('split-1', 'test')
    const { train } = await splits.trainingFilms('split-1')
    await addFilms(project.database, [
      later(infantOf(testFilm!), 'later-test'),
      { ...later('new-infant', 'copy'), fingerprint: testFilm! },
      later('new-infant', 'recoded')
    ])
    await splits.savePixelHashes([
      { filmId: another!, hash: 'picture' },
      { filmId: 'recoded', hash: 'picture' }
    ])
    await expect(
      splits.assertNoTestFilms('split-1', [...train, testFilm!, 'later-test', 'copy', 'recoded'])
    ).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(new RegExp(`^4 of ${train.length + 4} films`)) as string,
      detail: { reason: 'test-films' }
    })
    await expect(splits.assertNoTestFilms('split-1', ['nobody'])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('stops training where a film was found to belong to a test infant', async () => {
    const [testFilm] = await filmsOn('split-1', 'test')
    const { train } = await splits.trainingFilms('split-1')
    await project.database.kysely
      .updateTable('film')
      .set({ patient_id: infantOf(testFilm!) })
      .where('id', '=', train[0]!)
      .execute()
    await expect(splits.trainingFilms('split-1')).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await splits.sideOf('split-1', [train[0]!])).toEqual(['test'])
    const check = await splits.check('split-1')
    expect(check.passed).toBe(false)
    expect(check.leaks).toMatchObject([{ kind: 'infant', sides: ['train', 'test'] }])
  })

  it('is opened for a reason, which is kept', async () => {
    await expect(
      splits.lockedTestFilms('split-1', { reader: 'Dr. Kim', reason: '  ' })
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT'
    })
    expect(await splits.testAccesses('split-1')).toEqual([])
    const opened = await splits.lockedTestFilms('split-1', { reader: 'Dr. Kim', reason: 'Table 1' })
    expect(opened).toEqual(await filmsOn('split-1', 'test'))
    expect(await splits.testAccesses('split-1')).toMatchObject([
      { reader: 'Dr. Kim', reason: 'Table 1', films: opened.length }
    ])
  })
})

describe('an altered split', () => {
  it.each([
    ['a side', () => ['split_patient', { side: 'train' }] as const],
    ['a label', () => ['split_film', { label: 'TTN' }] as const],
    ['the seed', () => ['split', { seed: 99 }] as const],
    ['the proportions', () => ['split', { proportions_json: '[0.9,0.05,0.05]' }] as const]
  ])('is found out and refused: %s', async (_, change) => {
    await splits.make(request)
    const [table, values] = change()
    await project.database.kysely.updateTable(table).set(values).execute()
    const check = await splits.check('split-1')
    expect(check.hash.intact).toBe(false)
    expect(check.passed).toBe(false)
    const refused = { code: 'PROJECT_DAMAGED', detail: { reason: 'altered' } }
    await expect(splits.trainingFilms('split-1')).rejects.toMatchObject(refused)
    await expect(splits.manifest('split-1')).rejects.toMatchObject(refused)
    await expect(splits.lockedTestFilms('split-1', { reader: 'x', reason: 'y' })).rejects.toMatchObject(
      refused
    )
    await expect(splits.make({ ...request, extend: 'split-1' })).rejects.toMatchObject(refused)
  })

  it('is found out where a film was taken away', async () => {
    await splits.make(request)
    await project.database.kysely.deleteFrom('split_film').where('film_id', '=', films[0]!.id).execute()
    expect((await splits.check('split-1')).hash.intact).toBe(false)
  })
})

describe('pixel hashes', () => {
  it('are asked for once per film that is there', async () => {
    await project.database.kysely
      .updateTable('film')
      .set({ missing: 1 })
      .where('id', '=', films[1]!.id)
      .execute()
    await splits.savePixelHashes([{ filmId: films[0]!.id, hash: 'a' }])
    await splits.savePixelHashes([{ filmId: films[0]!.id, hash: 'b' }])
    const open = await splits.withoutPixelHash()
    expect(open).toHaveLength(films.length - 2)
    expect(open).not.toContain(films[0]!.id)
    expect(open).not.toContain(films[1]!.id)
  })
})
