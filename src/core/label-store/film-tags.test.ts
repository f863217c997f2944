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
})
afterEach(() => removeProject(project))

const set = (tags: string[], revision: number, reader = 'Kim', filmId = 'f1') =>
  labels.setTags({ filmId, tags, revision, reader })
const shown = () =>
  project.database.kysely
    .selectFrom('film')
    .select(['tags', 'tags_reader', 'tags_revision'])
    .where('id', '=', 'f1')
    .executeTakeFirstOrThrow()

describe('tags of a film', () => {
  it('are entries of the history, beside those of the label and independent of them', async () => {
    await set(['pneumothorax:left'], 0)
    await labels.setLabel({
      filmId: 'f1',
      value: { diagnosis: 'ALS', certainty: 'sure', comment: '' },
      revision: 1,
      reader: 'Lee'
    })
    await set(['pneumothorax:left', 'ett:too-low'], 1)
    expect(await labels.list({ subjectId: 'f1', before: null, limit: 9 })).toMatchObject([
      {
        kind: 'tags',
        old: { tags: ['pneumothorax:left'], reader: 'Kim' },
        new: { tags: ['pneumothorax:left', 'ett:too-low'] }
      },
      { kind: 'label' },
      { kind: 'tags', old: { tags: [], reader: null }, new: { tags: ['pneumothorax:left'] } }
    ])
    expect(await shown()).toEqual({
      tags: 'pneumothorax:left ett:too-low',
      tags_reader: 'Kim',
      tags_revision: 3
    })
    expect(await labels.verify()).toEqual({ intact: true, entries: 3, broken: null })
  })

  it('go away and come back with undo and redo, whose they are as well', async () => {
    await set(['cardiomegaly'], 0, 'Lee')
    await set([], 1)
    expect(await shown()).toMatchObject({ tags: null, tags_reader: 'Kim' })
    expect(await labels.undo('Kim')).toMatchObject({ kind: 'tags', undoes: 2 })
    expect(await shown()).toMatchObject({ tags: 'cardiomegaly', tags_reader: 'Lee' })
    expect(await labels.undo('Kim')).toBeNull()
    expect(await labels.redo('Kim')).toMatchObject({ kind: 'tags', undoes: 2 })
    expect(await shown()).toMatchObject({ tags: null })
    expect(await labels.verify()).toMatchObject({ intact: true, entries: 4 })
  })

  it('are not overwritten by somebody who has not seen the last change', async () => {
    await set(['cardiomegaly'], 0)
    await expect(set(['osteopenia'], 0, 'Lee')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(set(['osteopenia'], 0, 'Lee', 'f9')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await set(['cardiomegaly'], 0, 'Lee')).toBeNull()
    expect(await labels.head()).toBe(1)
  })

  it('of a table fill what no reader has said', async () => {
    await set(['cardiomegaly'], 0)
    const row = (line: number, filmId: string, tags: string[]) => ({ line, filmId, patientId: null, tags })
    const entries = [
      row(2, 'f1', ['rotated']),
      row(3, 'f2', ['uvc:too-high']),
      row(4, 'f2', ['uvc:absent']),
      row(5, 'f1', ['cardiomegaly'])
    ]
    const outcome = await labels.applyTable({ name: 'tags.csv', entries })
    expect(outcome).toMatchObject({
      applied: 1,
      filmIds: ['f2'],
      kept: [
        { line: 2, field: 'tags', because: 'reader' },
        { line: 4, field: 'tags', because: 'earlier-row' },
        { line: 5, field: 'tags', because: 'earlier-row' }
      ]
    })
    expect(await labels.verify()).toMatchObject({ intact: true, entries: 2 })
  })

  it.each([
    ['changed without an entry', { tags: 'pneumonia' }],
    ['given to another reader', { tags_reader: 'Lee' }],
    ['cut loose from their entry', { tags_revision: 0 }]
  ])('are found out where they were %s', async (_, change) => {
    await set(['cardiomegaly'], 0)
    await project.database.kysely.updateTable('film').set(change).where('id', '=', 'f1').execute()
    expect(await labels.verify()).toMatchObject({ intact: false, broken: { seq: 1 } })
  })

  it('are found out where no entry explains them', async () => {
    await project.database.kysely
      .updateTable('film')
      .set({ tags: 'pneumonia' })
      .where('id', '=', 'f3')
      .execute()
    expect(await labels.verify()).toMatchObject({
      intact: false,
      broken: { problem: 'film f3 has tags that no entry says' }
    })
  })
})
