import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/support/temporary-folder'
import type { ProtocolSettings, ReadingAnswer } from '../../../contract'
import { DIAGNOSES } from '../../domain'
import {
  contentId,
  createChildPool,
  createRandom,
  forkChild,
  silentLogger,
  systemClock
} from '../../foundation'
import type { CoreContext } from '../core-context'
import { createHistoryService } from '../history'
import { createInference } from '../inference'
import { modelKey } from '../inherited-features'
import { openProjectModel } from '../project-models'
import { openProjectSession, type OpenSession } from '../project-session'
import { createAgreementService } from './agreement'
import { createProtocolsService } from './protocols'
import { createQueuesService } from './queues'
import { createReadersService } from './readers'
import { registerScoreJobs } from './score-job'

/** The services of review over a real project, the shipped model's card and a real child; pooled features are made up. */
const ENTRY = fileURLToPath(new URL('../worker-entry.ts', import.meta.url))
const RESOURCES = fileURLToPath(new URL('../../../../resources', import.meta.url))
const INFANTS = 90
/** Films with a wrong label on purpose. */
const WRONG = [5, 44, 101, 160]
const UNLABELLED = [10, 11, 12]
const SETTINGS: ProtocolSettings = {
  queue: 'unlabelled',
  assignment: { kind: 'some', readers: 1 },
  readers: [],
  hides: { model: true, others: true, context: false },
  repeatShare: 0,
  repeatGap: 2,
  randomShare: 0,
  commentWhenUnsure: false,
  labelsAtOnce: false,
  revealAfterCommit: false,
  claimHours: 12
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let core: CoreContext
let session: OpenSession
let signer = 'Cho'
const ids = Array.from({ length: 2 * INFANTS }, (_, film) => contentId('film', `test ${film}`))
const services = () => ({
  queues: createQueuesService(core),
  protocols: createProtocolsService(core),
  agreement: createAgreementService(core),
  readers: createReadersService(core)
})

beforeAll(async () => {
  folder = await temporaryFolder('review')
  const spawn = forkChild(ENTRY, ['--import', 'tsx'])
  const trainers = createChildPool({ spawn, role: 'train', size: 1, timeoutMs: null })
  session = await openProjectSession({
    folder: join(folder.path, 'project'),
    target: { mode: 'create', name: 'Test' },
    clock: systemClock,
    logger: silentLogger
  })
  const shared = {
    info: { runtime: { onnxruntime: 'test' } } as CoreContext['info'],
    clock: systemClock,
    logger: silentLogger,
    films: trainers,
    models: trainers,
    trainers,
    settings: {
      get: () => ({ provider: 'cpu', readerName: signer })
    } as CoreContext['settings'],
    resourcesFolder: RESOURCES,
    userFolder: folder.path
  }
  core = { ...shared, inference: createInference(shared), project: () => session }
  registerScoreJobs(core, session)
  await fillProject()
}, 120_000)

afterAll(async () => {
  await session.close()
  core.trainers.close()
  await folder.remove()
})

const trueClass = (film: number) => Math.floor(film / 2) % 6

/** Two films an infant, labelled but for three; predictions with pooled features in which the true class is plain. */
async function fillProject(): Promise<void> {
  await session.studies.registerFilms(
    ids.map((id, film) => ({
      id,
      root: folder.path,
      path: `${film}.png`,
      rawPath: null,
      patientKey: `P${Math.floor(film / 2)}`,
      site: film % 4 < 2 ? 'North' : 'South',
      header: { format: 'png' } as never,
      byteSize: 1,
      modifiedAt: '2024-01-01T00:00:00.000Z',
      fingerprint: `test ${film}`,
      filmTime: `2024-01-0${1 + (film % 2)}T08:00:00`,
      birthTime: '2024-01-01T00:00:00',
      sex: 'F',
      viewPosition: 'AP'
    }))
  )
  await session.labels.applyTable({
    name: 'labels.csv',
    entries: ids.flatMap((filmId, film) => {
      if (UNLABELLED.includes(film)) return []
      const label = (trueClass(film) + (WRONG.includes(film) ? 2 : 0)) % 6
      return [{ filmId, patientId: null, line: film, label: DIAGNOSES[label]! }]
    })
  })
  const model = await openProjectModel(core, null)
  const random = createRandom(1)
  const centres = DIAGNOSES.map(() =>
    Float32Array.from({ length: model.head!.channels }, () => random.next())
  )
  const logits = Float32Array.of(0, 0, 0, 0, 0, 0)
  await session.studies.setPredictions(
    ids.map((filmId, film) => ({
      filmId,
      ...modelKey(model),
      gaDays: null,
      bwGrams: null,
      logits,
      probabilities: Float32Array.from(DIAGNOSES, (_, k) => (k === trueClass(film) ? 0.5 : 0.1)),
      predicted: DIAGNOSES[trueClass(film)]!,
      confidence: 0.5,
      pooled: centres[trueClass(film)]!.map(value => value + 0.3 * random.normal()),
      maps: null,
      mapGeometry: null,
      provider: 'cpu',
      createdAt: '2024-01-01T00:00:00.000Z'
    }))
  )
}

const answer = (diagnosis: ReadingAnswer['diagnosis'], more: Partial<ReadingAnswer> = {}) => ({
  diagnosis,
  certainty: 'sure' as const,
  comment: '',
  reasonCodes: [],
  seconds: 4,
  ...more
})
const make = (settings: Partial<ProtocolSettings>, films: number) =>
  services().protocols.make({ ...SETTINGS, ...settings, name: null, films, seed: 1 }, {})

/** Reads all that a reader is given under a protocol. */
async function readAll(
  protocol: string,
  reader: string,
  classOf: (filmId: string) => number
): Promise<number> {
  for (let count = 0; ; count++) {
    const task = await services().protocols.next({ protocol, kind: 'reading', reader }, {})
    if (!task) return count
    const given = answer(DIAGNOSES[classOf(task.filmId)]!)
    await services().protocols.commit({ taskId: task.id, answer: given, reader }, {})
  }
}

describe('queues', () => {
  it('ask for scores first, then put the planted errors on top', async () => {
    const before = await services().queues.list(undefined, {})
    expect(before.scores).toBeNull()
    expect(before.queues.find(({ kind }) => kind === 'label-suspects')!.films).toBeNull()
    expect(before.queues.find(({ kind }) => kind === 'unlabelled')!.films).toBe(UNLABELLED.length)

    const { jobId } = await services().queues.score(undefined, {})
    for await (const job of session.jobs.watch(jobId)) void job
    expect(await session.jobs.get(jobId)).toMatchObject({
      error: null,
      state: 'done',
      summary: { scored: ids.length, crossValidated: ids.length - UNLABELLED.length }
    })
    const suspects = await services().queues.films({ queue: 'label-suspects', offset: 0, limit: 6 }, {})
    const top = suspects.films.slice(0, WRONG.length).map(({ row }) => ids.indexOf(row.id))
    expect(top.sort((a, b) => a - b)).toEqual(WRONG)
    expect(suspects.films[0]!.reasons[0]).toMatchObject({ kind: 'label-suspect' })
    const order = await services().queues.order({ queue: 'label-suspects' }, {})
    expect(order).toHaveLength(suspects.total)
    expect(order.slice(0, 6).map(({ filmId }) => filmId)).toEqual(suspects.films.map(({ row }) => row.id))
    expect(order[0]!.reasons).toEqual(suspects.films[0]!.reasons)
    const core = await services().queues.films({ queue: 'core-set', offset: 0, limit: 10 }, {})
    expect(core.total).toBe(UNLABELLED.length)
    const after = await services().queues.list(undefined, {})
    expect(after.scores).toMatchObject({ films: ids.length, outdated: 0, otherModel: false })
  }, 120_000)
})

describe('protocols', () => {
  it('hide why a film is there where that would tell the answer, and tell it once the reading is saved', async () => {
    const protocol = await make({ queue: 'label-suspects', revealAfterCommit: true }, 2)
    const task = (await services().protocols.next(
      { protocol: protocol.id, kind: 'reading', reader: 'Kim' },
      {}
    ))!
    expect(task).toMatchObject({ reasons: [], withheld: true, hides: { model: true, own: true } })
    const saved = await services().protocols.commit(
      { taskId: task.id, answer: answer('TTN'), reader: 'Kim' },
      {}
    )
    expect(saved).toMatchObject({ reveal: true, reasons: [{ kind: 'label-suspect' }] })
  })

  it('ask for a comment where an unsure reading needs one; nothing is saved without', async () => {
    const protocol = await make({ queue: 'random-audit', commentWhenUnsure: true }, 3)
    const { protocols } = services()
    const task = (await protocols.next({ protocol: protocol.id, kind: 'reading', reader: 'Kim' }, {}))!
    const unsure = answer('RDS', { certainty: 'unsure' })
    await expect(
      protocols.commit({ taskId: task.id, answer: unsure, reader: 'Kim' }, {})
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', detail: { reason: 'comment-required' } })
    expect(await session.review.readings(protocol.id)).toEqual([])
    await protocols.commit(
      { taskId: task.id, answer: { ...unsure, comment: 'early film' }, reader: 'Kim' },
      {}
    )
    expect(await session.review.readings(protocol.id)).toMatchObject([{ comment: 'early film', seconds: 4 }])
  })

  it('turn answers into labels at once only where one reader reads each film', async () => {
    await expect(make({ labelsAtOnce: true, assignment: { kind: 'all' } }, 3)).rejects.toMatchObject({
      code: 'INVALID_INPUT'
    })
    const protocol = await make({ labelsAtOnce: true }, 3)
    expect(await readAll(protocol.id, 'Kim', filmId => trueClass(ids.indexOf(filmId)))).toBe(3)
    const [row] = await session.studies.rows([ids[10]!])
    expect(row).toMatchObject({ label: DIAGNOSES[trueClass(10)], labelledBy: 'Kim' })
  })

  it('send disagreement to a third reader, and derive the consensus without touching any reading', async () => {
    const { protocols, agreement } = services()
    const protocol = await make({ queue: 'random-audit', assignment: { kind: 'some', readers: 2 } }, 30)
    const truth = (filmId: string) => trueClass(ids.indexOf(filmId))
    let differing = ''
    await readAll(protocol.id, 'Kim', truth)
    await readAll(protocol.id, 'Lee', filmId => {
      differing ||= filmId
      return filmId === differing ? (truth(filmId) + 1) % 6 : truth(filmId)
    })
    const before = await protocols.get({ protocol: protocol.id }, {})
    expect(before).toMatchObject({ forAdjudication: 1, consensus: { unanimous: 29, none: 1 } })
    // All 30 films were drawn by lot: the labels' accuracy follows from the 29 that are decided.
    expect(before.labelAccuracy).toMatchObject({ population: ids.length })
    expect(before.labelAccuracy!.estimate).toBeGreaterThan(0.8)

    const task = (await protocols.next({ protocol: protocol.id, kind: 'adjudication', reader: 'Han' }, {}))!
    expect(task).toMatchObject({
      filmId: differing,
      kind: 'adjudication',
      hides: { model: true, others: true }
    })
    const decision = { taskId: task.id, reader: 'Han' }
    const decided = answer(DIAGNOSES[truth(differing)]!)
    await expect(protocols.commit({ ...decision, answer: decided }, {})).rejects.toMatchObject({
      detail: { reason: 'reason-required' }
    })
    await protocols.commit({ ...decision, answer: { ...decided, reasonCodes: ['slip'] } }, {})
    const consensus = await protocols.consensus({ protocol: protocol.id }, {})
    expect(consensus.find(({ filmId }) => filmId === differing)).toMatchObject({ by: 'adjudication' })
    expect(await session.review.readings(protocol.id)).toHaveLength(61)

    const pair = {
      protocol: protocol.id,
      first: { kind: 'reader' as const, name: 'Kim' },
      second: { kind: 'reader' as const, name: 'Lee' }
    }
    expect(await agreement.films({ ...pair, classes: null }, {})).toEqual([differing])
    const found = await agreement.summary(
      { protocol: protocol.id, classes: ['TTN', 'RDS'], resamples: 100 },
      {}
    )
    expect(found.panel).toMatchObject({ films: 30, percent: { estimate: 29 / 30 } })
    expect(found.pairs.map(({ first, second }) => [first, second])).toContainEqual([0, 1])

    const table = await agreement.export({ protocol: protocol.id, positive: 'RDS', format: 'mrmcaov' }, {})
    const lines = table.text.trimEnd().split('\n')
    expect(lines[0]).toBe('reader,test,case,truth,rating')
    expect(lines.length - 1).toBe(2 * table.films)
    const imrmc = await agreement.export({ protocol: protocol.id, positive: 'RDS', format: 'imrmc' }, {})
    expect(imrmc.text.split('BEGIN DATA:\n')[1]!.trimEnd().split('\n')).toHaveLength(3 * imrmc.films)
  })

  it('make the consensus the label where a curator wants it, as revisions', async () => {
    const protocol = await make({ queue: 'label-suspects' }, WRONG.length)
    await readAll(protocol.id, 'Kim', filmId => trueClass(ids.indexOf(filmId)))
    const { differing } = await services().protocols.get({ protocol: protocol.id }, {})
    const taken = await services().protocols.takeConsensus({ protocol: protocol.id, reason: 'round 1' }, {})
    expect(taken.applied).toBe(differing)
    expect(taken.applied).toBeGreaterThan(0)
    const [entry] = await session.labels.list({ subjectId: null, before: null, limit: 1 })
    expect(entry).toMatchObject({ reader: 'Cho', reason: `consensus of ${protocol.name}: round 1` })
    expect(await createHistoryService(core).verify(undefined, {})).toMatchObject({ intact: true })
  })
})

describe('roles', () => {
  it('bind once a project has readers', async () => {
    const { readers } = services()
    await readers.save({ name: 'Cho', roles: ['admin', 'curator'], active: true }, {})
    await readers.save({ name: 'Kim', roles: ['reader'], active: true }, {})
    const protocol = await make({ queue: 'random-audit' }, 2)
    const next = (reader: string, kind: 'reading' | 'adjudication') =>
      services().protocols.next({ protocol: protocol.id, kind, reader }, {})
    expect(await next('Kim', 'reading')).not.toBeNull()
    await expect(next('Kim', 'adjudication')).rejects.toMatchObject({ detail: { reason: 'role-missing' } })
    await expect(next('Nobody', 'reading')).rejects.toMatchObject({ code: 'CONFLICT' })
    signer = 'Kim'
    await expect(make({ queue: 'random-audit' }, 2)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(readers.save({ name: 'Kim', roles: ['admin'], active: true }, {})).rejects.toMatchObject({
      code: 'CONFLICT'
    })
    expect((await readers.list(undefined, {})).current).toEqual({
      name: 'Kim',
      known: true,
      roles: ['reader']
    })
  })
})
