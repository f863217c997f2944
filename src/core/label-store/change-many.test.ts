import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProjectDatabase } from '../database'
import { systemClock } from '../foundation'
import { createLabelStore } from './label-store'
import { makeProject, removeProject, stateOf } from './test-project.fixture'
import type { BulkChange, LabelStore } from './types'

let project: { folder: string; database: ProjectDatabase }
let labels: LabelStore

beforeEach(async () => {
  project = await makeProject()
  labels = createLabelStore(project.database, systemClock, stateOf)
})
afterEach(() => removeProject(project))

const sure = (diagnosis: 'TTN' | 'RDS' | 'BPD') => ({ diagnosis, certainty: 'sure' as const })
const many = async (changes: Partial<BulkChange>) =>
  labels.changeMany({
    labels: [],
    contexts: [],
    reader: 'Kim',
    reason: '',
    seen: await labels.head(),
    ...changes
  })
const set = async (filmId: string, diagnosis: 'TTN' | 'RDS' | 'BPD', reader: string, comment = '') =>
  labels.setLabel({
    filmId,
    value: { ...sure(diagnosis), comment },
    reader,
    revision: await labels.head()
  })
const films = () =>
  project.database.kysely
    .selectFrom('film')
    .select(['id', 'label', 'certainty', 'comment', 'bw_grams'])
    .orderBy('id')
    .execute()
const labelled = async () => (await films()).map(({ label }) => label ?? '-').join(' ')
const ALL = ['f1', 'f2', 'f3', 'f4', 'f5', 'f6']

describe('changing many', () => {
  it('writes one group, keeps comments, passes over what is so already', async () => {
    await set('f2', 'RDS', 'Kim', 'seen twice')
    await set('f3', 'TTN', 'Kim')
    expect(await many({ labels: ['f1', 'f2', 'f3'].map(filmId => ({ filmId, value: sure('TTN') })) })).toBe(2)
    expect(await labelled()).toBe('TTN TTN TTN - - -')
    expect((await films())[1]!.comment).toBe('seen twice')
    const [last, first] = await labels.list({ subjectId: null, before: null, limit: 2 })
    expect([first!.group, last!.group]).toEqual([first!.seq, first!.seq])
    expect(await labels.verify()).toMatchObject({ intact: true, entries: 4 })
  })

  it('is taken back and brought back as a whole, any number of times', async () => {
    await set('f1', 'RDS', 'Kim')
    await many({ labels: ALL.map(filmId => ({ filmId, value: sure('BPD') })) })
    for (let round = 0; round < 2; round++) {
      expect((await labels.undo('Kim'))!.subjectIds).toHaveLength(6)
      expect(await labelled()).toBe('RDS - - - - -')
      expect((await labels.redo('Kim'))!.subjectIds).toHaveLength(6)
      expect(await labelled()).toBe('BPD BPD BPD BPD BPD BPD')
    }
    expect(await labels.redo('Kim')).toBeNull()
    await labels.undo('Kim')
    expect((await labels.undo('Kim'))!.subjectIds).toEqual(['f1'])
    expect(await labelled()).toBe('- - - - - -')
    expect(await labels.undo('Kim')).toBeNull()
    expect((await labels.redo('Kim'))!.subjectIds).toEqual(['f1'])
    expect((await labels.redo('Kim'))!.subjectIds).toHaveLength(6)
    expect(await labels.verify()).toMatchObject({ intact: true })
  })

  it('leaves to others what they have changed since, and takes back the rest', async () => {
    await many({ labels: ALL.map(filmId => ({ filmId, value: sure('BPD') })) })
    await set('f6', 'TTN', 'Lee')
    await set('f1', 'RDS', 'Lee')
    expect((await labels.undo('Kim'))!.subjectIds).toEqual(['f2', 'f3', 'f4', 'f5'])
    expect(await labelled()).toBe('RDS - - - - TTN')
    expect((await labels.redo('Kim'))!.subjectIds).toEqual(['f2', 'f3', 'f4', 'f5'])
  })

  it('corrects infants with all their films', async () => {
    const value = { gaDays: 210, bwGrams: 1200, sex: 'F' as const }
    await many({ contexts: ['p1', 'p2'].map(patientId => ({ patientId, value })) })
    expect((await films()).map(film => film.bw_grams)).toEqual([1200, 1200, 1200, 1200, null, null])
    expect((await labels.undo('Kim'))!.subjectIds).toEqual(['p1', 'p2'])
    expect((await films()).every(film => film.bw_grams === null)).toBe(true)
  })

  it('writes nothing where one of them was changed after it was seen, or cancelled, or is out of range', async () => {
    const seen = await labels.head()
    await set('f4', 'TTN', 'Lee')
    const all = ALL.map(filmId => ({ filmId, value: sure('BPD') }))
    await expect(many({ labels: all, seen })).rejects.toMatchObject({ code: 'CONFLICT' })
    const cancelled = AbortSignal.abort()
    const change = { labels: all, contexts: [], reader: 'Kim', reason: '', seen: await labels.head() }
    await expect(labels.changeMany(change, cancelled)).rejects.toMatchObject({ code: 'CANCELLED' })
    const value = { gaDays: 210, bwGrams: 12_000, sex: null }
    await expect(many({ contexts: [{ patientId: 'p1', value }] })).rejects.toMatchObject({
      code: 'INVALID_INPUT'
    })
    expect(await labelled()).toBe('- - - TTN - -')
    expect(await labels.head()).toBe(1)
    expect(await labels.verify()).toMatchObject({ intact: true })
  })

  it('shows where an entry was moved from one group to another', async () => {
    await many({ labels: ALL.map(filmId => ({ filmId, value: sure('BPD') })) })
    await project.database.kysely
      .updateTable('revision')
      .set({ group_seq: null })
      .where('seq', '=', 6)
      .execute()
    expect(await labels.verify()).toMatchObject({ intact: false, broken: { seq: 6 } })
  })
})
