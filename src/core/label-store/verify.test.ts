import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database, ProjectDatabase } from '../database'
import { DIAGNOSES } from '../domain'
import { systemClock } from '../foundation'
import { chainHash } from './hash-chain'
import { createLabelStore } from './label-store'
import { makeProject, removeProject, stateOf } from './test-project.fixture'
import type { LabelStore } from './types'

let project: { folder: string; database: ProjectDatabase }
let labels: LabelStore
let db: Database

beforeEach(async () => {
  project = await makeProject()
  db = project.database.kysely
  labels = createLabelStore(project.database, systemClock, stateOf)
  for (const [index, diagnosis] of DIAGNOSES.entries()) {
    await labels.setLabel({
      filmId: `f${1 + (index % 4)}`,
      value: { diagnosis, certainty: 'sure', comment: '' },
      reader: 'Kim',
      revision: await labels.head()
    })
  }
})
afterEach(() => removeProject(project))

describe('verification', () => {
  it('passes an untouched history, whose hashes follow the documented recipe', async () => {
    expect(await labels.verify()).toEqual({ intact: true, entries: 6, broken: null })
    const rows = await db.selectFrom('revision').selectAll().orderBy('seq').execute()
    let previous = '0'.repeat(64)
    for (const {
      seq,
      at,
      reader,
      source,
      kind,
      subject_id,
      old_json,
      new_json,
      reason,
      undoes,
      hash
    } of rows) {
      const text = JSON.stringify([
        previous,
        seq,
        at,
        reader,
        source,
        kind,
        subject_id,
        old_json,
        new_json,
        reason,
        undoes
      ])
      expect(createHash('sha256').update(text).digest('hex')).toBe(hash)
      previous = hash
    }
    expect(await labels.seal()).toEqual({ seq: 6, hash: previous })
  })

  it.each([
    ['reader', { reader: 'Lee' }],
    ['time', { at: '2020-01-01T00:00:00.000Z' }],
    ['value before', { old_json: '{}' }],
    ['value after', { new_json: '{}' }],
    ['reason', { reason: 'because' }],
    ['film', { subject_id: 'f4' }],
    ['hash', { hash: 'f'.repeat(64) }]
  ])('finds an edited %s', async (_, change) => {
    await db.updateTable('revision').set(change).where('seq', '=', 3).execute()
    expect(await labels.verify()).toMatchObject({ intact: false, broken: { seq: 3 } })
  })

  it('finds an edit whose own hash was made to fit', async () => {
    const rows = await db.selectFrom('revision').selectAll().orderBy('seq').execute()
    const forged = { ...rows[2]!, reader: 'Lee' }
    await db
      .updateTable('revision')
      .set({ reader: 'Lee', hash: chainHash(rows[1]!.hash, forged) })
      .where('seq', '=', 3)
      .execute()
    expect(await labels.verify()).toMatchObject({ intact: false, broken: { seq: 4 } })
  })

  it('finds an entry taken out, the first included', async () => {
    await db.deleteFrom('revision').where('seq', '=', 4).execute()
    expect(await labels.verify()).toMatchObject({ intact: false, broken: { seq: 4 } })
    await db.deleteFrom('revision').where('seq', '=', 1).execute()
    expect(await labels.verify()).toMatchObject({ intact: false, broken: { seq: 1 } })
  })

  it('finds entries that changed places', async () => {
    for (const [from, to] of [
      [2, 99],
      [3, 2],
      [99, 3]
    ] as const) {
      await db.updateTable('revision').set({ seq: to }).where('seq', '=', from).execute()
    }
    expect(await labels.verify()).toMatchObject({ intact: false, broken: { seq: 2 } })
  })

  it('finds a history cut off at its end, and one that was emptied', async () => {
    await db.deleteFrom('revision').where('seq', '>', 4).execute()
    expect(await labels.verify()).toMatchObject({
      intact: false,
      broken: { seq: 5, problem: expect.stringContaining('5 to 6 are missing') }
    })
    await db.deleteFrom('revision').execute()
    expect(await labels.verify()).toMatchObject({ intact: false, broken: { seq: 1 } })
  })

  it('finds an entry added behind or before', async () => {
    const last = await db.selectFrom('revision').selectAll().where('seq', '=', 6).executeTakeFirstOrThrow()
    const added = { ...last, seq: 7 }
    await db
      .insertInto('revision')
      .values({ ...added, hash: chainHash(last.hash, added) })
      .execute()
    expect(await labels.verify()).toMatchObject({ intact: false, broken: { seq: 7 } })
    await db.deleteFrom('revision').where('seq', '=', 7).execute()
    await db
      .insertInto('revision')
      .values({ ...last, seq: 0 })
      .execute()
    expect(await labels.verify()).toMatchObject({ intact: false, broken: { seq: 0 } })
  })

  it('finds labels and values that were changed past the history', async () => {
    await db.updateTable('film').set({ label: 'Normal' }).where('id', '=', 'f3').execute()
    expect(await labels.verify()).toMatchObject({ intact: false, broken: { seq: 3 } })
    await db.updateTable('film').set({ label: 'Atelectasis' }).where('id', '=', 'f3').execute()
    expect(await labels.verify()).toMatchObject({ intact: true })
    await db.updateTable('film').set({ label: 'Normal', certainty: 'sure' }).where('id', '=', 'f6').execute()
    expect(await labels.verify()).toMatchObject({ intact: false, broken: { seq: 0 } })
    await db.updateTable('film').set({ label: null, certainty: null }).where('id', '=', 'f6').execute()
    await db
      .updateTable('patient')
      .set({ bw_grams: 1000, bw_source: 'reader' })
      .where('id', '=', 'p3')
      .execute()
    expect(await labels.verify()).toMatchObject({ intact: false })
  })
})
