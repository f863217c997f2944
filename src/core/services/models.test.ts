import { cp, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder'
import { DIAGNOSES, type Diagnosis } from '../domain'
import { contentId, silentLogger, systemClock } from '../foundation'
import { readModelFolder, type ModelCard, type ModelFolder, type TrainingRecord } from '../model-registry'
import { trainedCard, trainingRecord } from '../../../test/support/trained-card'
import type { CoreContext } from './core-context'
import { createModelsService } from './models'
import { registerTrainedModel } from './project-models'
import { openProjectSession, type OpenSession } from './project-session'

const RESOURCES = fileURLToPath(new URL('../../../resources', import.meta.url))
const INFANTS = 40

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let session: OpenSession
let core: CoreContext
let models: ReturnType<typeof createModelsService>
let shipped: ModelFolder

beforeEach(async () => {
  folder = await temporaryFolder('models')
  await shipUntrained(join(folder.path, 'demo-model'))
  session = await openProjectSession({
    folder: join(folder.path, 'project'),
    target: { mode: 'create', name: 'Test' },
    clock: systemClock,
    logger: silentLogger
  })
  core = {
    resourcesFolder: folder.path,
    clock: systemClock,
    settings: { get: () => ({ readerName: 'Kim' }) } as CoreContext['settings'],
    project: () => session
  } as unknown as CoreContext
  models = createModelsService(core)
  shipped = await readModelFolder(join(folder.path, 'demo-model'))
})
afterEach(async () => {
  await session.close()
  await folder.remove()
})

/** The shipped weights with a card that tells of no training, so that nothing is held against its validation. */
async function shipUntrained(to: string): Promise<void> {
  await cp(join(RESOURCES, 'demo-model'), to, { recursive: true })
  const card = JSON.parse(await readFile(join(to, 'model.json'), 'utf8')) as ModelCard
  await writeFile(join(to, 'model.json'), JSON.stringify({ ...card, trained: false, training: undefined }))
}

/** A version that differs from the others in its cohort, hence in its hash, but has the shipped weights. */
async function register(
  name: string,
  training: Partial<TrainingRecord>,
  macroF1: number
): Promise<ModelFolder> {
  const base = trainedCard(
    shipped.card,
    trainingRecord({ method: shipped.card.method, ...training }, macroF1)
  )
  const { weights: _, ...card }: ModelCard = {
    ...base,
    name,
    context: { ...base.context, gaMeanDays: 200 + 100 * macroF1 },
    createdAt: systemClock.timestamp()
  }
  return registerTrainedModel(session, card, file => cp(shipped.weightsFile, file))
}

const filmId = (infant: number, film: number) => contentId('film', `${infant}/${film}`)
const labelOf = (infant: number) => DIAGNOSES[infant % 6]!

/** INFANTS infants with two labelled films each, all of one infant of one class. */
async function fillProject(): Promise<void> {
  const db = session.database.kysely
  for (let infant = 0; infant < INFANTS; infant++) {
    const patient_id = contentId('patient', `${infant}`)
    const common = { patient_id, patient_key: `P${infant}`, site: 'A' }
    await db
      .insertInto('patient')
      .values({ id: patient_id, site: 'A', patient_key: `P${infant}` })
      .execute()
    for (const film of [1, 2]) {
      await db
        .insertInto('film')
        .values({
          ...common,
          id: filmId(infant, film),
          root: '/films',
          path: `${infant}/${film}.dcm`,
          fingerprint: `${infant}.${film}`,
          byte_size: 1,
          modified_at: '2024-01-01T00:00:00.000Z',
          header_json: '{}',
          added_at: '2024-01-01T00:00:00.000Z',
          film_number: film,
          film_count: 2,
          context_state: 'missing'
        })
        .execute()
      await session.labels.setLabel({
        filmId: filmId(infant, film),
        value: { diagnosis: labelOf(infant), certainty: 'sure', comment: '' },
        revision: await session.labels.head(),
        reader: 'Kim'
      })
    }
  }
}

async function predict(model: ModelFolder, answer: (infant: number, film: number) => Diagnosis | null) {
  const predictions = []
  for (let infant = 0; infant < INFANTS; infant++) {
    for (const film of [1, 2]) {
      const predicted = answer(infant, film)
      if (predicted === null) continue
      predictions.push({
        filmId: filmId(infant, film),
        modelHash: model.hash,
        preprocessingHash: model.card.preprocessing.hash,
        gaDays: null,
        bwGrams: null,
        logits: new Float32Array(6),
        probabilities: new Float32Array(6),
        predicted,
        confidence: 0.5,
        pooled: null,
        maps: null,
        mapGeometry: null,
        provider: 'cpu',
        createdAt: systemClock.timestamp()
      })
    }
  }
  await session.studies.setPredictions(predictions)
}

const compared = { filmIds: null, scope: 'all' } as const

describe('versions of a project', () => {
  it('are kept beside their parent without becoming active, once', async () => {
    await models.list(undefined, {})
    const first = await register('First', { parent: shipped.hash }, 0.6)
    await register('First again', { parent: shipped.hash }, 0.6)
    const listed = await models.list(undefined, {})
    expect(listed.map(({ name, active }) => [name, active])).toEqual([
      [shipped.card.name, true],
      ['First', false]
    ])
    expect(listed[1]).toMatchObject({ id: first.id, training: { parent: shipped.hash, epochs: 12 } })
    expect(await readdir(session.modelsFolder)).toEqual([first.id])
    expect((await models.card({ id: first.id }, {})).markdown).toContain('| Macro F1 | 0.6000 |')
  })

  it('are promoted past the gate only with a confirmation, and rolled back on record', async () => {
    const parent = shipped.hash
    const better = await register('Better', { parent }, 0.7)
    const worse = await register('Worse', { parent }, 0.5)
    const active = async () => (await models.list(undefined, {})).find(model => model.active)?.name
    await models.promote({ id: better.id, reason: 'first trained', confirm: false }, {})
    expect(await models.promotionCheck({ id: worse.id }, {})).toEqual({
      warnings: [{ kind: 'lower-macro-f1', current: 0.7, next: 0.5 }]
    })
    await expect(
      models.promote({ id: worse.id, reason: 'why not', confirm: false }, {})
    ).rejects.toMatchObject({
      code: 'CONFLICT',
      detail: { reason: 'promotion-gate' }
    })
    expect(await active()).toBe('Better')
    await models.promote({ id: worse.id, reason: 'fewer misses of ALS', confirm: true }, {})
    await models.rollback({ reason: 'readers object' }, {})
    expect(await active()).toBe('Better')
    const promotions = await models.promotions(undefined, {})
    expect(
      promotions.map(({ from, to, reason, undoes, reader }) => [from?.name, to.name, reason, undoes, reader])
    ).toEqual([
      ['Worse', 'Better', 'readers object', 2, 'Kim'],
      ['Better', 'Worse', 'fewer misses of ALS', null, 'Kim'],
      [shipped.card.name, 'Better', 'first trained', null, 'Kim']
    ])
    expect(await session.labels.verify()).toMatchObject({ intact: true, entries: 3 })
    await expect(models.promote({ id: better.id, reason: 'again', confirm: true }, {})).rejects.toMatchObject(
      {
        code: 'CONFLICT'
      }
    )
    await expect(models.promote({ id: 'none', reason: 'x', confirm: true }, {})).rejects.toMatchObject({
      code: 'NOT_FOUND'
    })
  })

  it('stay on record when NeoGate comes with another model than the one that was active', async () => {
    const first = await register('First', { parent: null }, 0.6)
    await models.promote({ id: first.id, reason: 'try', confirm: false }, {})
    await models.rollback({ reason: 'back to the shipped one' }, {})
    const { card, folder: where } = shipped
    const { writeFile } = await import('node:fs/promises')
    const newer = { ...card, context: { ...card.context, gaMeanDays: 241 } }
    await writeFile(join(where, 'model.json'), JSON.stringify(newer))
    const listed = await models.list(undefined, {})
    expect(listed.filter(model => model.active)).toMatchObject([{ context: { gaMeanDays: 241 } }])
    const [last] = await models.promotions(undefined, {})
    expect(last).toMatchObject({ seq: 3, reader: 'NeoGate', from: { hash: shipped.hash } })
    expect(await session.labels.verify()).toMatchObject({ intact: true, entries: 3 })
  })
})

describe('comparison of two versions', () => {
  let a: ModelFolder
  let b: ModelFolder
  beforeEach(async () => {
    await fillProject()
    a = await register('A', { parent: shipped.hash, split: null }, 0.5)
    b = await register('B', { parent: a.hash, split: null, seed: 9, scope: 'head' }, 0.6)
  })

  /** A is wrong on every fourth infant, B on none of the first 20 and on every fourth of the others. */
  const wrong = (infant: number) => DIAGNOSES[(infant + 1) % 6]!
  const answerA = (infant: number) => (infant % 4 === 0 ? wrong(infant) : labelOf(infant))
  const answerB = (infant: number) => (infant < 20 ? labelOf(infant) : answerA(infant))

  it('counts what changed, on films that both predicted, and who was right', async () => {
    await predict(a, (infant, film) => (infant === 39 && film === 2 ? null : answerA(infant)))
    await predict(b, infant => (infant === 1 ? null : answerB(infant)))
    const result = await models.compare({ a: a.id, b: b.id, ...compared }, {})
    expect(result.films).toMatchObject({
      scope: 'all',
      considered: 80,
      withoutA: 1,
      withoutB: 2,
      compared: 77,
      labelled: 77,
      infants: 39,
      test: 0
    })
    expect(result.agreement).toEqual({
      same: 67,
      changed: 10,
      bothRight: 57,
      onlyARight: 0,
      onlyBRight: 10,
      bothWrong: 10
    })
    expect(result.changed).toHaveLength(10)
    expect(result.changed[0]).toEqual({
      filmId: filmId(0, 1),
      patientKey: 'P0',
      from: 'ALS',
      to: 'BPD',
      label: 'BPD'
    })
    const [accuracy, macroF1] = result.metrics
    expect(accuracy).toMatchObject({ name: 'accuracy', a: 57 / 77, b: 67 / 77 })
    expect(accuracy!.difference!.estimate).toBeCloseTo(10 / 77, 12)
    expect(accuracy!.difference!.low).toBeGreaterThan(0)
    expect(accuracy!.difference!.high).toBeLessThan(0.3)
    expect(macroF1!.difference!.estimate).toBeCloseTo(macroF1!.b! - macroF1!.a!, 12)
    expect(result.lineage).toMatchObject({ relation: 'b-from-a', ancestor: a.hash })
    expect(result.lineage.differences).toContainEqual({ field: 'training.scope', a: 'all', b: 'head' })
    expect(result.lineage.differences).toContainEqual({ field: 'training.seed', a: '1', b: '9' })
    expect(result.lineage.differences.map(({ field }) => field)).not.toContain('training.preset')
  })

  it('leaves out a prediction made from another GA than is recorded now', async () => {
    await predict(a, answerA)
    await predict(b, answerB)
    await session.labels.setContext({
      patientId: contentId('patient', '0'),
      value: { gaDays: 203, bwGrams: null, sex: null },
      revision: await session.labels.head(),
      reader: 'Kim',
      reason: 'typed'
    })
    const { films } = await models.compare({ a: a.id, b: b.id, ...compared }, {})
    expect(films).toMatchObject({ withoutA: 2, withoutB: 2, compared: 78 })
  })

  it('gives no difference between a version and itself, and no metric without labels', async () => {
    await predict(a, answerA)
    const self = await models.compare({ a: a.id, b: a.id, ...compared }, {})
    expect(self.metrics.map(({ difference }) => difference)).toEqual([
      { estimate: 0, low: 0, high: 0 },
      { estimate: 0, low: 0, high: 0 }
    ])
    const none = await models.compare({ a: a.id, b: b.id, ...compared }, {})
    expect(none.films).toMatchObject({ compared: 0, withoutB: 80 })
    expect(none.metrics.map(({ a: first, difference }) => [first, difference])).toEqual([
      [null, null],
      [null, null]
    ])
  })

  it('keeps to the validation side of the split, and never touches its test side', async () => {
    const { split } = await session.splits.make({
      name: 'By infant',
      proportions: null,
      seed: 1,
      extend: null,
      reader: 'Kim'
    })
    const trainedOn = { split: { id: split.id, name: split.name, manifestHash: split.hash } }
    const c = await register('C', { parent: b.hash, ...trainedOn }, 0.7)
    const { train, validation } = await session.splits.trainingFilms(split.id)
    await predict(a, answerA)
    await predict(c, answerB)
    const { films } = await models.compare({ a: a.id, b: c.id, filmIds: null, scope: 'validation' }, {})
    expect(films).toMatchObject({ scope: 'validation', splits: ['By infant'], compared: validation.length })
    const all = await models.compare({ a: a.id, b: c.id, ...compared }, {})
    expect(all.films).toMatchObject({
      scope: 'all',
      compared: train.length + validation.length,
      test: 80 - train.length - validation.length
    })
    expect(all.films.test).toBeGreaterThan(0)
    const allIds = Array.from({ length: INFANTS }, (_, infant) => [
      filmId(infant, 1),
      filmId(infant, 2)
    ]).flat()
    const given = await models.compare({ a: a.id, b: c.id, filmIds: allIds, scope: 'all' }, {})
    expect(given.films).toMatchObject({ scope: 'given', compared: all.films.compared, test: all.films.test })
  })

  it('says where a split of the lineage is not in this project', async () => {
    const elsewhere = { id: 'gone', name: 'Elsewhere', manifestHash: 'e'.repeat(64) }
    const c = await register('C', { parent: b.hash, split: elsewhere }, 0.7)
    const { films } = await models.compare({ a: a.id, b: c.id, filmIds: null, scope: 'validation' }, {})
    expect(films).toMatchObject({ scope: 'all', splits: [], unknownSplits: ['Elsewhere'] })
  })
})
