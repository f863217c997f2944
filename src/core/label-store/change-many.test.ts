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
    await expect(labels.changeMany(change, { signal: cancelled })).rejects.toMatchObject({
      code: 'CANCELLED'
    })
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

describe('changing so many that it takes a while', () => {
  const INFANTS = 300
  let all: { filmId: string; value: ReturnType<typeof sure> }[]

  beforeEach(async () => {
    await removeProject(project)
    project = await makeProject(INFANTS)
    labels = createLabelStore(project.database, systemClock, stateOf)
    all = (await films()).map(({ id }) => ({ filmId: id, value: sure('BPD') }))
  })

  /** Aborted from the n-th time on that it is looked at. */
  const abortedAfter = (times: number) => {
    let looks = 0
    return {
      get aborted() {
        return ++looks > times
      }
    } as AbortSignal
  }
  const change = async (seen?: number): Promise<BulkChange> => ({
    labels: all,
    contexts: [],
    reader: 'Kim',
    reason: '',
    seen: seen ?? (await labels.head())
  })
  const count = async (label: string | null) => (await films()).filter(film => film.label === label).length
  const state = async () => [await labels.head(), await count('BPD'), await count(null)]

  it('changes nothing wherever it is cancelled, and neither does taking it back', async () => {
    let cancelled = 0
    for (const looks of [0, 1, 2, 3, 4, 5, 6, 7, 300, 600]) {
      const watching = { signal: abortedAfter(looks) }
      await expect(labels.changeMany(await change(), watching)).rejects.toMatchObject({ code: 'CANCELLED' })
      expect(await state()).toEqual([0, 0, 2 * INFANTS])
      cancelled++
    }
    expect(cancelled).toBe(10)
    await labels.changeMany(await change())
    for (const looks of [0, 1, 2, 5, 300, 600]) {
      await expect(labels.undo('Kim', { signal: abortedAfter(looks) })).rejects.toMatchObject({
        code: 'CANCELLED'
      })
      expect(await state()).toEqual([2 * INFANTS, 2 * INFANTS, 0])
    }
    expect((await labels.undo('Kim'))!.subjectIds).toHaveLength(2 * INFANTS)
    expect(await state()).toEqual([4 * INFANTS, 0, 2 * INFANTS])
    expect(await labels.verify()).toMatchObject({ intact: true })
  })

  it('tells how far it is', async () => {
    const told: { done: number; total: number | null }[] = []
    const progress = (each: (typeof told)[number]) => told.push(each)
    await labels.changeMany(await change(), { progress })
    expect(told[0]).toEqual({ done: 0, total: 2 * INFANTS })
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b))
    expect(told.at(-1)!.done).toBeLessThanOrEqual(2 * INFANTS)
    told.length = 0
    await labels.undo('Kim', { progress })
    expect(told[0]!.total).toBeNull()
    expect(told.at(-1)!.total).toBe(2 * INFANTS)
  })

  it('loses no label that is set meanwhile: it refuses one of its own films, and goes on after one of another', async () => {
    const meanwhile = (filmId: string) => {
      let setting: Promise<unknown> | null = null
      const progress = () => void (setting ??= set(filmId, 'RDS', 'Lee'))
      return { progress, done: () => setting }
    }
    const own = meanwhile('f7')
    await expect(labels.changeMany(await change(), own)).rejects.toMatchObject({ code: 'CONFLICT' })
    await own.done()
    expect([await labels.head(), await count('RDS')]).toEqual([1, 1])

    all = all.filter(({ filmId }) => filmId !== 'f7' && filmId !== 'f8')
    const other = meanwhile('f8')
    expect(await labels.changeMany(await change(), other)).toBe(2 * INFANTS - 2)
    await other.done()
    expect([await count('RDS'), await count('BPD')]).toEqual([2, 2 * INFANTS - 2])
    const [newest] = await labels.list({ subjectId: null, before: null, limit: 1 })
    expect(newest!.group).toBe(3)

    const later = meanwhile('f9')
    await expect(labels.undo('Kim', later)).resolves.toMatchObject({ group: expect.any(Number) })
    await later.done()
    expect(await count('BPD')).toBe(0)
    expect(await count('RDS')).toBe(3)
    expect(await labels.verify()).toMatchObject({ intact: true })
  })
})
