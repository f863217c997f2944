import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProjectDatabase } from '../database'
import { systemClock } from '../foundation'
import { createLabelStore } from './label-store'
import { makeProject, removeProject, stateOf } from './test-project.fixture'
import type { LabelStore } from './types'

let project: { folder: string; database: ProjectDatabase }
let labels: LabelStore

beforeEach(async () => {
  project = await makeProject()
  labels = createLabelStore(project.database, systemClock, stateOf)
  for (const id of ['a', 'b', 'c']) {
    await project.database.kysely
      .insertInto('model')
      .values({
        id,
        name: id.toUpperCase(),
        folder: id,
        method: 'ccgn',
        hash: id.repeat(64),
        preprocessing_hash: 'p',
        info_json: '{}',
        created_at: '2024-01-01T00:00:00.000Z',
        active: id === 'a' ? 1 : 0
      })
      .execute()
  }
})
afterEach(() => removeProject(project))

const promote = (modelId: string) => labels.promote({ modelId, reader: 'Kim', reason: `try ${modelId}` })
const rollBack = () => labels.rollBack({ reader: 'Lee', reason: 'worse' })
async function active(): Promise<string[]> {
  const rows = await project.database.kysely
    .selectFrom('model')
    .select('id')
    .where('active', '=', 1)
    .execute()
  return rows.map(({ id }) => id)
}

describe('promotions', () => {
  it('say who, from what, to what and why, and stay in the chain', async () => {
    expect(await promote('b')).toMatchObject({
      seq: 1,
      kind: 'promotion',
      reader: 'Kim',
      subjectId: 'b',
      old: { modelId: 'a', name: 'A', hash: 'a'.repeat(64) },
      new: { modelId: 'b', name: 'B', hash: 'b'.repeat(64) },
      reason: 'try b',
      undoes: null
    })
    expect(await active()).toEqual(['b'])
    expect(await labels.verify()).toEqual({ intact: true, entries: 1, broken: null })
    expect(await promote('b')).toBeNull()
    expect(await labels.promotions()).toHaveLength(1)
  })

  it('go back one by one, each way back an entry of its own', async () => {
    await promote('b')
    await promote('c')
    expect(await rollBack()).toMatchObject({ subjectId: 'b', undoes: 2, reader: 'Lee', reason: 'worse' })
    expect(await rollBack()).toMatchObject({ subjectId: 'a', undoes: 1 })
    expect(await active()).toEqual(['a'])
    await expect(rollBack()).rejects.toMatchObject({ code: 'CONFLICT' })
    await promote('c')
    expect(await rollBack()).toMatchObject({ subjectId: 'a', undoes: 5 })
    expect((await labels.promotions()).map(({ seq }) => seq)).toEqual([6, 5, 4, 3, 2, 1])
    expect(await labels.verify()).toMatchObject({ intact: true, entries: 6 })
  })

  it('refuse a model that is not there and change nothing', async () => {
    await expect(promote('d')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await promote('b')
    await project.database.kysely.deleteFrom('model').where('id', '=', 'a').execute()
    await expect(rollBack()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await active()).toEqual(['b'])
    expect(await labels.head()).toBe(1)
  })

  it('are no change of data that undo could take back', async () => {
    await labels.setLabel({
      filmId: 'f1',
      value: { diagnosis: 'RDS', certainty: 'sure', comment: '' },
      revision: 0,
      reader: 'Kim'
    })
    await promote('b')
    expect(await labels.undo('Kim')).toMatchObject({ kind: 'label', undoes: 1 })
    await promote('c')
    expect(await labels.redo('Kim')).toMatchObject({ kind: 'label', undoes: 1 })
    expect(await labels.undo('Lee')).toBeNull()
    expect(await active()).toEqual(['c'])
  })

  it('are told by verify when an entry or the active model was changed behind their back', async () => {
    await promote('b')
    await project.database.kysely.updateTable('model').set({ active: 0 }).execute()
    expect(await labels.verify()).toMatchObject({
      intact: false,
      broken: { seq: 1, problem: expect.stringContaining('promoted last') as string }
    })
    await project.database.kysely.updateTable('revision').set({ reason: 'other' }).execute()
    expect(await labels.verify()).toMatchObject({
      intact: false,
      broken: { seq: 1, problem: expect.stringContaining('hash differs') as string }
    })
  })
})
