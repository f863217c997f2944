import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../foundation'
import { createReviewStore } from './review-store'
import { makeProject, protocolFilms, removeProject, SETTINGS } from './test-project.fixture'
import type { ProtocolSettings, ReadingTask, ReadingValue, ReviewStore } from './types'

const HOUR = 3_600_000
const HIDDEN = { model: true, others: true, own: true, context: false }
const answer = (values: Partial<ReadingValue> = {}): ReadingValue => ({
  diagnosis: 'TTN',
  certainty: 'sure',
  comment: '',
  reasonCodes: [],
  seconds: 10,
  ...values
})

const FILMS = 60

let project: Awaited<ReturnType<typeof makeProject>>
let review: ReviewStore
let now: number
const clock: Clock = { now: () => now, timestamp: () => new Date(now).toISOString() }

beforeEach(async () => {
  now = Date.parse('2024-05-01T08:00:00.000Z')
  project = await makeProject(FILMS)
  review = createReviewStore(project.database, clock)
})
afterEach(() => removeProject(project))

async function makeProtocol(settings: Partial<ProtocolSettings> = {}, films = 6) {
  return review.makeProtocol({
    name: null,
    createdBy: 'Cho',
    seed: 3,
    settings: { ...SETTINGS, ...settings },
    films: protocolFilms(films)
  })
}

/** Reads everything that a reader is given. */
async function readAll(
  name: string,
  reader: string,
  value: (task: ReadingTask) => ReadingValue = () => answer()
) {
  const given: ReadingTask[] = []
  for (;;) {
    now += 60_000
    const task = await review.claimNext(await review.protocol(name), reader)
    if (!task) return given
    given.push(task)
    await review.commit(task.id, reader, value(task), HIDDEN)
  }
}

describe('assignment', () => {
  it('never gives a film to two readers unless the protocol wants it, even when they ask at once', async () => {
    const protocol = await makeProtocol()
    const readers = ['a', 'b', 'c', 'd']
    const tasks = await Promise.all(readers.map(reader => review.claimNext(protocol, reader)))
    expect(new Set(tasks.map(task => task!.filmId)).size).toBe(4)
    expect((await review.claimNext(protocol, 'a'))!.id).toBe(tasks[0]!.id)
    for (const [i, task] of tasks.entries()) await review.commit(task!.id, readers[i]!, answer(), HIDDEN)
    expect([...(await readAll(protocol.id, 'a')), ...(await readAll(protocol.id, 'b'))]).toHaveLength(2)
  })

  it('lets so many different readers read each film', async () => {
    const protocol = await makeProtocol({ assignment: { kind: 'some', readers: 2 } })
    const [a, b, c] = [
      await readAll(protocol.id, 'a'),
      await readAll(protocol.id, 'b'),
      await readAll(protocol.id, 'c')
    ]
    expect([a.length, b.length, c.length]).toEqual([6, 6, 0])
  })

  it('gives every film to everybody, in the order of the protocol', async () => {
    const protocol = await makeProtocol({ assignment: { kind: 'all' } })
    for (const reader of ['a', 'b', 'c']) {
      const given = await readAll(protocol.id, reader)
      expect(given.map(({ filmId }) => filmId)).toEqual(['f1', 'f2', 'f3', 'f4', 'f5', 'f6'])
    }
  })

  it('keeps to the readers of a site, and to those who take part', async () => {
    const sites = { North: ['a'], South: ['a', 'b'] }
    const protocol = await makeProtocol({ assignment: { kind: 'by-site', sites }, readers: ['a', 'b'] })
    expect((await readAll(protocol.id, 'b')).map(({ filmId }) => filmId)).toEqual(['f2', 'f4', 'f6'])
    expect((await readAll(protocol.id, 'a')).map(({ filmId }) => filmId)).toEqual(['f1', 'f3', 'f5'])
    await expect(review.claimNext(protocol, 'c')).rejects.toMatchObject({
      code: 'CONFLICT',
      detail: { reason: 'not-a-participant' }
    })
  })

  it('frees a film that was taken and not read in time; the late answer is refused', async () => {
    const protocol = await makeProtocol({}, 1)
    const late = (await review.claimNext(protocol, 'a'))!
    expect(await review.claimNext(protocol, 'b')).toBeNull()
    now += 13 * HOUR
    const task = (await review.claimNext(protocol, 'b'))!
    expect(task.filmId).toBe('f1')
    await expect(review.commit(late.id, 'a', answer(), HIDDEN)).rejects.toMatchObject({
      code: 'CONFLICT',
      detail: { reason: 'passed-on' }
    })
    await review.release(task.id, 'b')
    expect((await review.claimNext(protocol, 'c'))!.filmId).toBe('f1')
  })

  it('gives nothing out once it is closed', async () => {
    const protocol = await makeProtocol()
    const closed = await review.closeProtocol(protocol.id)
    await expect(review.claimNext(closed, 'a')).rejects.toMatchObject({
      detail: { reason: 'protocol-closed' }
    })
  })
})

describe('hidden repeats', () => {
  it('come unannounced, after others, once each, and the same share for every reader', async () => {
    const protocol = await makeProtocol(
      { assignment: { kind: 'all' }, repeatShare: 0.5, repeatGap: 2 },
      FILMS
    )
    const given = await readAll(protocol.id, 'a')
    const repeated = given.filter(({ pass }) => pass === 'repeat')
    expect(given.filter(({ pass }) => pass === 'first')).toHaveLength(FILMS)
    // The lot is drawn by the protocol's id, new each time: five standard deviations either way.
    expect(Math.abs(repeated.length - FILMS / 2)).toBeLessThan(5 * Math.sqrt(FILMS / 4))
    expect(new Set(repeated.map(({ filmId }) => filmId)).size).toBe(repeated.length)
    for (const { filmId } of repeated.slice(0, -2)) {
      const places = given.flatMap((task, place) => (task.filmId === filmId ? [place] : []))
      expect(places[1]! - places[0]!).toBeGreaterThan(2)
    }
    // Some come between first readings, not all in one go at the end.
    expect(given.slice(0, FILMS).some(({ pass }) => pass === 'repeat')).toBe(true)
  })
})

describe('readings', () => {
  it('are appended, corrected by a later entry, and chained', async () => {
    const protocol = await makeProtocol()
    const task = (await review.claimNext(protocol, 'a'))!
    const first = await review.commit(task.id, 'a', answer(), HIDDEN)
    const second = await review.commit(task.id, 'a', answer({ diagnosis: 'RDS' }), HIDDEN)
    expect(second).toMatchObject({ seq: 2, amends: first.seq, afterReveal: false })
    expect(await review.readings(protocol.id)).toMatchObject([{ seq: 2, diagnosis: 'RDS' }])
    expect(await review.verify()).toEqual({ intact: true, entries: 2, broken: null })

    await project.database.kysely
      .updateTable('reading')
      .set({ diagnosis: 'Normal' })
      .where('seq', '=', 1)
      .execute()
    expect(await review.verify()).toMatchObject({ intact: false, broken: { seq: 1 } })
  })

  it('made after the answers were shown stand beside the one that was made before', async () => {
    const protocol = await makeProtocol({ revealAfterCommit: true })
    const task = (await review.claimNext(protocol, 'a'))!
    await review.commit(task.id, 'a', answer(), HIDDEN)
    await review.commit(task.id, 'a', answer({ diagnosis: 'RDS' }), HIDDEN)
    expect(await review.readings(protocol.id)).toMatchObject([
      { diagnosis: 'TTN', afterReveal: false },
      { diagnosis: 'RDS', afterReveal: true }
    ])
  })

  it('notice a cut at the end', async () => {
    const protocol = await makeProtocol()
    await readAll(protocol.id, 'a')
    await project.database.kysely.deleteFrom('reading').where('seq', '=', 6).execute()
    expect(await review.verify()).toMatchObject({ intact: false, broken: { seq: 6 } })
  })

  it('tell how far each reader is and how long a film takes', async () => {
    const protocol = await makeProtocol({ assignment: { kind: 'all' } })
    let seconds = 0
    await readAll(protocol.id, 'a', () => answer({ seconds: (seconds += 10) }))
    const held = (await review.claimNext(protocol, 'b'))!
    expect(await review.progress(protocol.id)).toEqual([
      { reader: 'a', first: 6, repeats: 0, adjudicated: 0, medianSeconds: 35, holding: null },
      { reader: 'b', first: 0, repeats: 0, adjudicated: 0, medianSeconds: null, holding: held.filmId }
    ])
  })
})

describe('adjudication', () => {
  it('goes to somebody who has not read the film, once', async () => {
    const protocol = await makeProtocol({ assignment: { kind: 'some', readers: 2 } }, 2)
    await readAll(protocol.id, 'a')
    await readAll(protocol.id, 'b', () => answer({ diagnosis: 'RDS' }))
    expect(await review.claimAdjudication(protocol, 'a', ['f1', 'f2'])).toBeNull()
    const task = (await review.claimAdjudication(protocol, 'c', ['f1', 'f2']))!
    expect(task).toMatchObject({ filmId: 'f1', pass: 'adjudication' })
    expect((await review.claimAdjudication(protocol, 'c', ['f2']))!.id).toBe(task.id)
    await review.commit(task.id, 'c', answer({ reasonCodes: ['timing-of-film'] }), HIDDEN)
    expect((await review.readings(protocol.id)).at(-1)).toMatchObject({
      pass: 'adjudication',
      reasonCodes: ['timing-of-film']
    })
    expect((await review.claimAdjudication(protocol, 'd', ['f1', 'f2']))!.filmId).toBe('f2')
  })
})

describe('readers', () => {
  it('always include somebody who may manage them', async () => {
    await expect(review.saveReader({ name: 'Lee', roles: ['reader'], active: true })).rejects.toMatchObject({
      detail: { reason: 'no-admin' }
    })
    expect(await review.readers()).toEqual([])
    await review.saveReader({ name: 'Kim', roles: ['admin', 'reader'], active: true })
    await review.saveReader({ name: 'Lee', roles: ['reader'], active: true })
    expect((await review.readers()).map(({ name }) => name)).toEqual(['Kim', 'Lee'])
    await expect(review.saveReader({ name: 'Kim', roles: ['admin'], active: false })).rejects.toMatchObject({
      code: 'CONFLICT'
    })
  })
})

describe('scores', () => {
  it('are replaced together', async () => {
    const own = Float32Array.of(0.1, 0.1, 0.1, 0.1, 0.2, 0.4)
    const score = { label: null, own, atMean: null, outOfFold: own, coreSet: null }
    await review.replaceScores('m1', '2024-05-01T08:00:00.000Z', [
      { filmId: 'f1', ...score },
      { filmId: 'f2', ...score }
    ])
    await review.replaceScores('m2', '2024-05-02T08:00:00.000Z', [
      { filmId: 'f3', ...score, outOfFold: null }
    ])
    expect(await review.scoreState()).toEqual({
      modelHash: 'm2',
      madeAt: '2024-05-02T08:00:00.000Z',
      films: 1,
      outOfFold: 0
    })
    expect([...(await review.scores()).values()]).toMatchObject([{ filmId: 'f3', own }])
  })
})
