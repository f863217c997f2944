import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DIAGNOSES, filmOf } from './films'
import { fillPlain, type Plain } from './plain-project'
import { openTestCore } from '../support/test-core'
import { temporaryFolder } from '../support/temporary-folder'

/** From when to when something is hidden, and who may look: by the core alone, whatever windows do. */
const RULES = {
  queue: 'unlabelled' as const,
  assignment: { kind: 'all' as const },
  readers: ['Kim', 'Lee'],
  hides: { model: true, others: true, context: false },
  repeatShare: 0,
  repeatGap: 0,
  randomShare: 0,
  commentWhenUnsure: false,
  labelsAtOnce: false,
  revealAfterCommit: false,
  claimHours: 12,
  films: 3,
  seed: 1
}
const NOTICE = 'looked to answer a question of the study board'
const EVERYTHING = { query: { filter: { text: '', facets: {} } }, offset: 0, limit: 100 }

describe('a protocol’s blinding', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let open: Awaited<ReturnType<typeof openTestCore>>
  let project: Plain
  beforeEach(async () => {
    folder = await temporaryFolder('blinding')
    open = await openTestCore(folder.path)
    project = await fillPlain(open, folder.path)
  })
  afterEach(async () => {
    await open.core.close()
    await folder.remove()
  })

  const signAs = (readerName: string) => open.client.app.changeSettings({ readerName })
  const make = (more: Partial<typeof RULES> & { name: string }) =>
    open.client.protocols.make({ ...RULES, ...more })
  const hiddenFilms = async () =>
    (await open.client.films.query(EVERYTHING)).rows.filter(({ hidden }) => hidden).map(({ id }) => id)
  async function readOne(protocol: string) {
    const task = await open.client.protocols.next({ protocol })
    if (task) {
      const answer = { diagnosis: DIAGNOSES[0]!, certainty: 'sure' as const }
      await open.client.protocols.commit({ taskId: task.id, answer })
    }
    return task
  }

  it('begins for named readers when it is made, outlives a restart, and ends with their last film', async () => {
    await signAs('Park')
    await make({ name: 'Round' })
    expect(await hiddenFilms()).toEqual([])
    await signAs('Kim')
    expect(await open.client.protocols.blinding()).toMatchObject({
      reader: 'Kim',
      hides: ['model', 'others', 'own'],
      films: 4,
      protocols: [{ name: 'Round', left: 3 }]
    })
    // Pausing, another window, another process: nothing of it is asked.
    await readOne('Round')
    await open.core.close()
    open = await openTestCore(folder.path)
    expect((await open.client.protocols.blinding()).protocols).toMatchObject([{ left: 2 }])
    expect((await hiddenFilms()).length).toBe(4)
    await readOne('Round')
    await readOne('Round')
    expect(await open.client.protocols.blinding()).toMatchObject({ hides: [], films: 0, protocols: [] })
    expect(await hiddenFilms()).toEqual([])
    await signAs('Lee')
    expect((await hiddenFilms()).length).toBe(4)
  })

  it('begins in a protocol that is open to everybody with the first film taken, and not before', async () => {
    await make({ name: 'Open', readers: [], assignment: { kind: 'all' } })
    expect(await hiddenFilms()).toEqual([])
    const task = await open.client.protocols.next({ protocol: 'Open' })
    expect((await hiddenFilms()).length).toBe(4)
    await open.client.protocols.release({ taskId: task!.id })
    expect(await hiddenFilms()).toEqual([])
  })

  it('shows a film once it is committed where the protocol reveals, and not what is still to be read', async () => {
    await make({ name: 'Reveal', revealAfterCommit: true })
    const task = await readOne('Reveal')
    const hidden = await hiddenFilms()
    expect(hidden).not.toContain(task!.filmId)
    expect(hidden.length).toBeGreaterThan(0)
    const { row } = await open.client.films.get({ id: task!.filmId })
    expect(row.predicted).not.toBeNull()
  })

  it('ends where the protocol is closed', async () => {
    await make({ name: 'Closed' })
    expect((await hiddenFilms()).length).toBe(4)
    await open.client.protocols.close({ protocol: 'Closed' })
    expect(await hiddenFilms()).toEqual([])
  })

  it('of one protocol holds back what another one would show', async () => {
    await make({ name: 'One', revealAfterCommit: true })
    await make({ name: 'Two' })
    const task = await readOne('One')
    expect(await hiddenFilms()).toContain(task!.filmId)
  })

  it('keeps own answers hidden until the hidden repeats are over', async () => {
    await make({ name: 'Twice', repeatShare: 0.5, films: 4 })
    const seen: string[] = []
    for (;;) {
      const { protocols } = await open.client.protocols.blinding()
      const task = await readOne('Twice')
      if (!task) break
      expect(protocols[0]!.hides).toContain('own')
      seen.push(task.filmId)
    }
    expect(seen.length).toBeGreaterThan(4)
    expect(await hiddenFilms()).toEqual([])
  })

  it('lets a curator or admin look, never a reader, and keeps who did, when and why', async () => {
    await make({ name: 'Round' })
    await open.client.readers.save({ name: 'Park', roles: ['admin'] })
    await signAs('Park')
    await open.client.readers.save({ name: 'Kim', roles: ['reader', 'curator'] })
    await open.client.readers.save({ name: 'Lee', roles: ['reader'] })
    await signAs('Lee')
    expect((await open.client.protocols.blinding()).mayUnblind).toBe(false)
    await expect(open.client.protocols.unblind({ protocol: 'Round', reason: NOTICE })).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { reason: 'role-missing' }
    })
    await signAs('Park')
    await expect(open.client.protocols.unblind({ protocol: 'Round', reason: NOTICE })).rejects.toMatchObject({
      data: { reason: 'not-blinded' }
    })
    await signAs('Kim')
    await expect(open.client.protocols.unblind({ protocol: 'Round', reason: ' ' })).rejects.toMatchObject({
      code: 'INVALID_INPUT'
    })
    const before = await readOne('Round')
    expect(await open.client.protocols.unblind({ protocol: 'Round', reason: NOTICE })).toMatchObject({
      hides: [],
      protocols: []
    })
    expect(await hiddenFilms()).toEqual([])
    const [entry] = await open.client.history.list({ subjectId: null, before: null, limit: 1 })
    expect(entry).toMatchObject({
      reader: 'Kim',
      kind: 'unblinding',
      reason: NOTICE,
      old: null,
      new: { protocol: 'Round', hides: ['model', 'others', 'own'] }
    })
    // It is no change of data: undo passes it over, and the chain holds.
    expect(await open.client.history.undo()).toBeNull()
    expect(await open.client.history.verify()).toMatchObject({ intact: true })
    // Films are still given out, nothing is hidden of them, and what is answered counts as made knowing.
    const after = await open.client.protocols.next({ protocol: 'Round' })
    expect(after!.hides).toEqual({ model: false, others: false, own: false, context: false })
    await readOne('Round')
    const agreed = await open.client.agreement.summary({ protocol: 'Round' })
    expect(agreed.raters.find(({ name }) => name === 'Kim')).toMatchObject({ films: 1 })
    expect(before!.filmId).not.toBe(after!.filmId)
    await open.core.close()
    open = await openTestCore(folder.path)
    expect(await hiddenFilms()).toEqual([])
  })

  it('hides from an adjudicator the film in hand, and no other', async () => {
    await make({ name: 'Round', films: 1 })
    for (const [reader, diagnosis] of [
      ['Kim', 'RDS'],
      ['Lee', 'TTN']
    ] as const) {
      const task = await open.client.protocols.next({ protocol: 'Round', reader })
      await open.client.protocols.commit({
        taskId: task!.id,
        reader,
        answer: { diagnosis, certainty: 'sure' }
      })
    }
    await signAs('Park')
    expect(await hiddenFilms()).toEqual([])
    const task = await open.client.protocols.next({ protocol: 'Round', kind: 'adjudication' })
    expect(await hiddenFilms()).toContain(task!.filmId)
    await expect(open.client.agreement.summary({ protocol: 'Round' })).rejects.toMatchObject({
      code: 'BLINDED'
    })
    const answer = { diagnosis: 'RDS' as const, certainty: 'sure' as const, reasonCodes: ['slip' as const] }
    await open.client.protocols.commit({ taskId: task!.id, answer })
    expect(await hiddenFilms()).toEqual([])
  })

  it('tells every window which films came to be hidden or shown', async () => {
    await make({ name: 'Open', readers: [] })
    const stop = new AbortController()
    const changes = await open.client.project.changes(undefined, { signal: stop.signal })
    const told = (async () => {
      for await (const change of changes) if (change.areas.includes('films')) return change.filmIds
      return undefined
    })()
    await open.client.protocols.next({ protocol: 'Open' })
    expect([...(await told)!].sort()).toEqual([...(await hiddenFilms())].sort())
    stop.abort()
  })

  it('gives two readers who read at once never the same film where one reading each is wanted', async () => {
    await make({ name: 'Once', readers: [], assignment: { kind: 'some', readers: 1 } as never, films: 4 })
    const names = ['Kim', 'Lee', 'Park']
    const taken = new Map(names.map(name => [name, [] as string[]]))
    await Promise.all(
      names.map(async reader => {
        for (;;) {
          // Two windows of one reader ask at the same time: both get the one film that is in the reader's hands.
          const [task, again] = await Promise.all([
            open.client.protocols.next({ protocol: 'Once', reader }),
            open.client.protocols.next({ protocol: 'Once', reader })
          ])
          if (!task) return
          expect(again!.id).toBe(task.id)
          taken.get(reader)!.push(task.filmId)
          const answer = { diagnosis: DIAGNOSES[0]!, certainty: 'sure' as const, seconds: 2 }
          await open.client.protocols.commit({ taskId: task.id, reader, answer })
        }
      })
    )
    const all = [...taken.values()].flat()
    expect(all).toHaveLength(4)
    expect(new Set(all).size).toBe(4)
  })

  it('keeps the film in hand and what was read where the host goes down in the middle', async () => {
    await make({ name: 'Round' })
    const first = await readOne('Round')
    const held = await open.client.protocols.next({ protocol: 'Round' })
    await open.core.close()
    open = await openTestCore(folder.path)
    const again = await open.client.protocols.next({ protocol: 'Round' })
    expect(again!.id).toBe(held!.id)
    expect(again!.filmId).not.toBe(first!.filmId)
    expect(again).toMatchObject({ done: 1, left: 2 })
    await signAs('Park')
    const { progress } = await open.client.protocols.get({ protocol: 'Round' })
    expect(progress).toMatchObject([{ reader: 'Kim', first: 1, holding: true }])
    expect(project.films).toContain(held!.filmId)
    expect(filmOf(0, 0)).toBeDefined()
  })
})
