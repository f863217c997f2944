import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProjectDatabase } from '../database'
import { freshId, systemClock } from '../foundation'
import { createLabelStore } from './label-store'
import { makeProject, removeProject, stateOf } from './test-project.fixture'
import type { AnnotationValue, LabelStore } from './types'

let project: { folder: string; database: ProjectDatabase }
let labels: LabelStore

beforeEach(async () => {
  project = await makeProject()
  labels = createLabelStore(project.database, systemClock, stateOf)
})
afterEach(() => removeProject(project))

const line = (u: number): AnnotationValue => ({
  kind: 'length',
  points: [
    { u, v: 1 },
    { u: u + 10, v: 5.25 }
  ],
  note: ''
})
const id = freshId()
const draw = (value: AnnotationValue | null, revision = 0, reader = 'Kim') =>
  labels.annotate({ filmId: 'f1', id, value, revision, reader })
const drawn = async (reader = 'Kim') => (await labels.annotations('f1', reader)).map(({ value }) => value)

describe('annotations', () => {
  it('are kept per reader and film, each change an entry of the history of its film', async () => {
    const first = await draw(line(1))
    await draw(line(2), first!.seq)
    expect(await drawn()).toEqual([line(2)])
    expect(await drawn('Lee')).toEqual([])
    expect(await labels.annotations('f2', 'Kim')).toEqual([])
    expect(await labels.list({ subjectId: 'f1', before: null, limit: 9 })).toMatchObject([
      { kind: 'annotation', reader: 'Kim', old: { id, value: line(1) }, new: { id, value: line(2) } },
      { kind: 'annotation', old: { id, value: null }, new: { id, value: line(1) } }
    ])
  })

  it('go away and come back with undo and redo, in turn with labels', async () => {
    await draw(line(1))
    await labels.setLabel({
      filmId: 'f1',
      value: { diagnosis: 'TTN', certainty: 'sure', comment: '' },
      revision: await labels.head(),
      reader: 'Kim'
    })
    const seen = (await labels.annotations('f1', 'Kim'))[0]!
    await draw(null, seen.revision)
    expect(await drawn()).toEqual([])
    expect(await labels.undo('Kim')).toMatchObject({ kind: 'annotation', undoes: 3 })
    expect(await drawn()).toEqual([line(1)])
    expect(await labels.undo('Kim')).toMatchObject({ kind: 'label', undoes: 2 })
    expect(await labels.undo('Kim')).toMatchObject({ kind: 'annotation', undoes: 1 })
    expect(await drawn()).toEqual([])
    expect(await labels.redo('Kim')).toMatchObject({ kind: 'annotation', undoes: 1 })
    expect(await drawn()).toEqual([line(1)])
    expect(await labels.verify()).toEqual({ intact: true, entries: 7, broken: null })
  })

  it('are not overwritten from a window that has not seen the last change, nor by another reader', async () => {
    const first = await draw(line(1))
    await draw(line(2), first!.seq)
    await expect(draw(line(3), first!.seq)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(draw(line(3), 9, 'Lee')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(
      labels.annotate({ filmId: 'f9', id: freshId(), value: line(1), revision: 0, reader: 'Kim' })
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await drawn()).toEqual([line(2)])
  })

  it('write nothing where nothing changes', async () => {
    const first = await draw(line(1))
    expect(await draw(line(1), first!.seq)).toBeNull()
    expect(await labels.head()).toBe(1)
  })

  it('that were changed, added or removed behind the history are found', async () => {
    await draw(line(1))
    const db = project.database.kysely
    await db
      .updateTable('annotation')
      .set({ value_json: JSON.stringify(line(7)) })
      .execute()
    expect(await labels.verify()).toMatchObject({ intact: false, broken: { seq: 1 } })
    await db
      .updateTable('annotation')
      .set({ value_json: JSON.stringify(line(1)) })
      .execute()
    expect((await labels.verify()).intact).toBe(true)
    await db.deleteFrom('annotation').execute()
    expect(await labels.verify()).toMatchObject({ intact: false, broken: { seq: 1 } })
  })
})
