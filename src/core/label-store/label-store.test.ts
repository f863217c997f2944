import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProjectDatabase } from '../database'
import { systemClock } from '../foundation'
import { createLabelStore } from './label-store'
import { makeProject, removeProject, stateOf } from './test-project.fixture'
import type { LabelStore, LabelValue } from './types'

let project: { folder: string; database: ProjectDatabase }
let labels: LabelStore

const sure = (diagnosis: LabelValue['diagnosis']): LabelValue => ({
  diagnosis,
  certainty: 'sure',
  comment: ''
})

beforeEach(async () => {
  project = await makeProject()
  labels = createLabelStore(project.database, systemClock, stateOf)
})
afterEach(() => removeProject(project))

const film = (id: string) =>
  project.database.kysely.selectFrom('film').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

const set = async (filmId: string, value: LabelValue | null, reader = 'Kim') =>
  labels.setLabel({ filmId, value, reader, revision: await labels.head() })

describe('labels', () => {
  it('are set, changed and taken away, each with an entry', async () => {
    const first = await set('f1', { diagnosis: 'TTN', certainty: 'unsure', comment: '갈비뼈' })
    expect(first).toMatchObject({
      seq: 1,
      reader: 'Kim',
      kind: 'label',
      old: null,
      new: { diagnosis: 'TTN', comment: '갈비뼈' }
    })
    expect(await film('f1')).toMatchObject({
      label: 'TTN',
      certainty: 'unsure',
      label_reader: 'Kim',
      revision: 1
    })
    await set('f1', sure('RDS'))
    const third = await set('f1', null)
    expect(third).toMatchObject({ seq: 3, old: { diagnosis: 'RDS' }, new: null })
    expect(await film('f1')).toMatchObject({ label: null, certainty: null, revision: 3 })
    expect((await labels.list({ subjectId: 'f1', before: 3, limit: 10 })).map(entry => entry.seq)).toEqual([
      2, 1
    ])
    expect(await labels.verify()).toEqual({ intact: true, entries: 3, broken: null })
  })

  it('write no entry for the same value by the same reader, but one for a second reader who agrees', async () => {
    await set('f1', sure('TTN'))
    expect(await set('f1', sure('TTN'))).toBeNull()
    expect(await set('f2', null)).toBeNull()
    expect(await set('f1', sure('TTN'), 'Lee')).toMatchObject({ seq: 2, reader: 'Lee' })
  })

  it('are refused when the film or its infant was changed after the reader looked', async () => {
    await set('f1', sure('TTN'), 'Lee')
    const stale = labels.setLabel({ filmId: 'f1', value: sure('RDS'), reader: 'Kim', revision: 0 })
    await expect(stale).rejects.toMatchObject({ code: 'CONFLICT' })
    await labels.setLabel({ filmId: 'f3', value: sure('RDS'), reader: 'Kim', revision: 0 })
    const context = { gaDays: 200, bwGrams: 1000, sex: null }
    await labels.setContext({ patientId: 'p3', value: context, revision: 0, reader: 'Lee', reason: '' })
    await expect(
      labels.setLabel({ filmId: 'f5', value: sure('RDS'), reader: 'Kim', revision: 0 })
    ).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await film('f1')).label).toBe('TTN')
    expect((await film('f5')).label).toBeNull()
  })

  it('of unknown films are refused', async () => {
    await expect(set('nobody', sure('TTN'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('clinical context', () => {
  const context = { gaDays: 206, bwGrams: 1250, sex: 'M' as const }

  it('reaches all films of the infant and is judged there', async () => {
    const entry = await labels.setContext({
      patientId: 'p1',
      value: { ...context, bwGrams: 4500 },
      revision: 0,
      reader: 'Kim',
      reason: 'chart'
    })
    expect(entry).toMatchObject({ kind: 'clinical-context', new: { gaDays: 206, bwGrams: 4500, sex: 'M' } })
    for (const id of ['f1', 'f2']) {
      expect(await film(id)).toMatchObject({ ga_days: 206, bw_grams: 4500, sex: 'M', context_state: 'warn' })
    }
    expect(await film('f3')).toMatchObject({ ga_days: null, context_state: 'missing' })
  })

  it('takes a prediction made from other values off the films, and shows it again with them', async () => {
    const { kysely } = project.database
    await kysely
      .insertInto('model')
      .values({
        id: 'm',
        name: 'm',
        folder: 'm',
        method: 'ccgn',
        hash: 'h',
        preprocessing_hash: 'p',
        info_json: '{}',
        created_at: '',
        active: 1
      })
      .execute()
    await kysely
      .insertInto('prediction')
      .values({
        film_id: 'f1',
        model_hash: 'h',
        preprocessing_hash: 'p',
        ga_days: 206,
        bw_grams: 1250,
        logits: new Uint8Array(24),
        probabilities: new Uint8Array(24),
        predicted: 'RDS',
        confidence: 0.7,
        provider: 'cpu',
        created_at: ''
      })
      .execute()
    const change = async (bwGrams: number) =>
      labels.setContext({
        patientId: 'p1',
        value: { ...context, bwGrams },
        revision: await labels.head(),
        reader: 'Kim',
        reason: ''
      })
    await change(1250)
    expect(await film('f1')).toMatchObject({ predicted: 'RDS', confidence: 0.7 })
    await change(1300)
    expect(await film('f1')).toMatchObject({ predicted: null, confidence: null })
    await labels.undo('Kim')
    expect(await film('f1')).toMatchObject({ predicted: 'RDS', confidence: 0.7 })
  })

  it.each([
    [{ ...context, gaDays: 153 }, 'gaDays'],
    [{ ...context, gaDays: 315 }, 'gaDays'],
    [{ ...context, gaDays: 206.5 }, 'gaDays'],
    [{ ...context, bwGrams: 199 }, 'bwGrams'],
    [{ ...context, bwGrams: 6501 }, 'bwGrams']
  ])('refuses %o', async (value, field) => {
    await expect(
      labels.setContext({ patientId: 'p1', value, revision: 0, reader: 'Kim', reason: '' })
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', detail: { field } })
    expect(await labels.head()).toBe(0)
  })
})

describe('a table', () => {
  const entries = [
    { filmId: 'f1', patientId: 'p1', line: 2, label: 'TTN' as const, gaDays: 206, bwGrams: 1250 },
    { filmId: 'f2', patientId: 'p1', line: 3, label: 'RDS' as const, gaDays: 206, bwGrams: 1250 },
    { filmId: null, patientId: 'p2', line: 4, bwGrams: 3000 }
  ]

  it('is applied once: the second time it changes nothing', async () => {
    const outcome = await labels.applyTable({ name: 'ward.csv', entries })
    expect(outcome).toMatchObject({ applied: 4, unchanged: 0, kept: [] })
    expect((await labels.list({ subjectId: 'f1', before: null, limit: 1 }))[0]).toMatchObject({
      reader: 'import: ward.csv'
    })
    expect(await labels.applyTable({ name: 'ward.csv', entries })).toMatchObject({
      applied: 0,
      unchanged: 3,
      kept: []
    })
    expect(await labels.head()).toBe(4)
    expect(await labels.verify()).toMatchObject({ intact: true })
  })

  it('never takes the place of what a reader has set, not even of a label taken away', async () => {
    await labels.applyTable({ name: 'ward.csv', entries })
    await set('f1', sure('Normal'))
    await set('f2', null)
    await labels.setContext({
      patientId: 'p1',
      value: { gaDays: 207, bwGrams: 1250, sex: null },
      revision: await labels.head(),
      reader: 'Kim',
      reason: ''
    })
    const corrected = entries.map(entry => (entry.patientId === 'p1' ? { ...entry, bwGrams: 1260 } : entry))
    const outcome = await labels.applyTable({ name: 'ward.csv', entries: corrected })
    expect(outcome.kept).toEqual([
      { line: 2, subjectId: 'f1', field: 'label', because: 'reader' },
      { line: 2, subjectId: 'p1', field: 'gaDays', because: 'reader' },
      { line: 3, subjectId: 'f2', field: 'label', because: 'reader' }
    ])
    expect(await film('f1')).toMatchObject({ label: 'Normal', ga_days: 207, bw_grams: 1260 })
    expect(await film('f2')).toMatchObject({ label: null })
  })

  it('is signed by a reader who sets the same label: an entry of their own, and the label is theirs', async () => {
    await labels.applyTable({ name: 'ward.csv', entries })
    const before = await labels.head()
    expect(await set('f1', sure('TTN'))).toMatchObject({
      seq: before + 1,
      reader: 'Kim',
      old: { diagnosis: 'TTN' },
      new: { diagnosis: 'TTN' }
    })
    expect(await film('f1')).toMatchObject({ label: 'TTN', label_reader: 'Kim', label_source: 'reader' })
    expect(await labels.verify()).toMatchObject({ intact: true, entries: before + 1 })
  })

  it('gives a value back to the import when the reader undoes the own change', async () => {
    await labels.applyTable({ name: 'ward.csv', entries })
    await set('f1', sure('Normal'))
    await labels.undo('Kim')
    expect(await film('f1')).toMatchObject({ label: 'TTN', label_reader: 'import: ward.csv' })
    const corrected = [{ filmId: 'f1', patientId: 'p1', line: 2, label: 'BPD' as const }]
    expect(await labels.applyTable({ name: 'ward.csv', entries: corrected })).toMatchObject({
      applied: 1,
      kept: []
    })
    expect(await labels.undo('import: ward.csv')).toBeNull()
  })

  it('that contradicts itself is settled by its first row, every time', async () => {
    const contradicting = [
      ...entries,
      { filmId: 'f1', patientId: 'p1', line: 5, label: 'BPD' as const, gaDays: 210 }
    ]
    for (const applied of [4, 0]) {
      const outcome = await labels.applyTable({ name: 'ward.csv', entries: contradicting })
      expect(outcome.applied).toBe(applied)
      expect(outcome.kept).toEqual([
        { line: 5, subjectId: 'f1', field: 'label', because: 'earlier-row' },
        { line: 5, subjectId: 'p1', field: 'gaDays', because: 'earlier-row' }
      ])
    }
  })

  it('with an impossible value or unknown film is refused whole', async () => {
    for (const wrong of [
      { filmId: 'f3', patientId: 'p2', line: 9, gaDays: 20 },
      { filmId: 'zz', patientId: null, line: 9, label: 'TTN' as const }
    ]) {
      await expect(labels.applyTable({ name: 't', entries: [...entries, wrong] })).rejects.toMatchObject({
        code: expect.stringMatching('INVALID_INPUT|NOT_FOUND')
      })
    }
    expect(await labels.head()).toBe(0)
  })
})
