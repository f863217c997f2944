import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder'
import type { Job } from '../../contract'
import { createChildPool, forkChild, silentLogger, systemClock } from '../foundation'
import type { JobRun, JobRunner } from '../job-queue'
import { patientIdOf } from '../study-store'
import type { CoreContext } from './core-context'
import { filmWorker } from './film-worker'
import { createInference } from './inference'
import { float32 } from '../ml/graph'
import { modelDefinition, modelParameters } from '../ml/models'
import { loadWeights, writeSafetensors } from '../ml/weights'
import { readModelFolder } from '../model-registry'
import { trainedCard, trainingRecord } from '../../../test/support/trained-card'
import { modelKey } from './inherited-features'
import { openProjectModel, registerTrainedModel } from './project-models'
import { createModelTools } from './model-tools'
import { createModelsService } from './models'
import { registerPredictJobs } from './predict-job'
import { createPredictionsService } from './predictions'
import { openProjectSession, type OpenSession } from './project-session'

/** The whole way with real children and the shipped model: files on disk -> film child -> model child -> database. */
const ENTRY = fileURLToPath(new URL('worker-entry.ts', import.meta.url))
const RESOURCES = fileURLToPath(new URL('../../../resources', import.meta.url))
const FILMS = 11
const CONTEXT = { gaDays: 203, bwGrams: 1180 }

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let core: CoreContext
let session: OpenSession
let ids: string[]
let predictions: ReturnType<typeof createPredictionsService>

beforeAll(async () => {
  folder = await temporaryFolder('predictions')
  const spawn = forkChild(ENTRY, ['--import', 'tsx'])
  const films = createChildPool({ spawn, role: 'film', size: 2, timeoutMs: 60_000 })
  const models = createChildPool({ spawn, role: 'model', size: 1, timeoutMs: 120_000 })
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
    films,
    models,
    trainers: models,
    settings: { get: () => ({ provider: 'cpu' }) } as CoreContext['settings'],
    resourcesFolder: RESOURCES,
    userFolder: folder.path
  }
  core = { ...shared, inference: createInference(shared), project: () => session }
  registerPredictJobs(core, session)
  predictions = createPredictionsService(core)
  ids = await registerFilms(join(folder.path, 'films'))
}, 120_000)

afterAll(async () => {
  await session.close()
  core.films.close()
  core.models.close()
  await folder.remove()
})

/** FILMS small grey images, each another pattern, registered as one infant's films; the last is no image at all. */
async function registerFilms(root: string): Promise<string[]> {
  const { mkdir } = await import('node:fs/promises')
  await mkdir(root)
  const paths: string[] = []
  for (let film = 0; film < FILMS; film++) {
    const path = join(root, `film-${film}.png`)
    const pixels = Uint8Array.from(
      { length: 200 * 180 },
      (_, i) => 128 + 100 * Math.sin(i * 0.01 * (film + 1))
    )
    await sharp(pixels, { raw: { width: 200, height: 180, channels: 1 } })
      .png()
      .toFile(path)
    paths.push(path)
  }
  const index = await filmWorker(core.films).index(paths)
  const found = index.map((film, i) => {
    if ('refusal' in film) throw new Error(film.refusal.detail)
    return {
      ...film,
      id: film.fingerprint.slice(0, 26).replace(/[0189]/g, 'a'),
      root,
      path: basename(paths[i]!),
      rawPath: null,
      patientKey: 'P1',
      site: 'A',
      filmTime: `2024-01-01T${String(i).padStart(2, '0')}:00:00`,
      birthTime: null,
      sex: null,
      viewPosition: null
    }
  })
  await session.studies.registerFilms(found)
  await writeFile(paths.at(-1)!, 'no image any more')
  return found.map(({ id }) => id)
}

async function finished(jobId: string): Promise<Job> {
  let last: Job | undefined
  for await (const job of session.jobs.watch(jobId)) last = job as Job
  return last!
}

async function correctTo(context: typeof CONTEXT): Promise<void> {
  const { revision } = await session.studies.detail(ids[0]!)
  await session.labels.setContext({
    patientId: patientIdOf('A', 'P1'),
    value: { ...context, sex: null },
    revision,
    reader: 'test',
    reason: 'test'
  })
}

/** A version whose head alone differs from the shipped model's. */
async function registerHeadOnly(bias: number[]) {
  const parent = await readModelFolder(join(RESOURCES, 'demo-model'))
  const { tensors } = await loadWeights(parent.weightsFile, modelParameters(modelDefinition('ccgn-small')), {
    seed: 0,
    head: null,
    ownParts: []
  })
  const { shape } = tensors.get('fc.bias')!
  const changed = new Map(tensors).set('fc.bias', float32(shape, Float32Array.from(bias)))
  const { weights: _, ...card } = trainedCard(
    parent.card,
    trainingRecord({ method: 'ccgn-small', scope: 'head', parent: parent.hash }, 0.5)
  )
  return registerTrainedModel(session, card, file => writeSafetensors(file, changed))
}

describe('predictions', () => {
  it('offers the shipped demo model as the active one, trained by this engine', async () => {
    const models = await createModelsService(core).list({}, {})
    expect(models).toEqual([expect.objectContaining({ method: 'ccgn-small', trained: true, active: true })])
  })

  it('predicts one film, says what it imputed, and answers the same from the cache', async () => {
    const asked = { filmId: ids[0]!, modelId: null, context: null }
    const { gaMeanDays, bwMeanGrams } = (await readModelFolder(join(RESOURCES, 'demo-model'))).card.context
    const mean = { gaDays: gaMeanDays, bwGrams: bwMeanGrams }
    const first = await predictions.get(asked, {})
    expect(first.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5)
    expect(first).toMatchObject({
      trained: true,
      provider: 'cpu',
      fallback: null,
      context: { ...mean, imputed: ['gaDays', 'bwGrams'] }
    })
    expect(await predictions.get(asked, {})).toEqual(first)
  })

  it('gives with another context what the whole network gives', async () => {
    const whatIf = await predictions.get({ filmId: ids[0]!, modelId: null, context: CONTEXT }, {})
    const [file] = await createModelTools(core).predictFiles(
      {
        paths: [await session.studies.filePath(ids[0]!)],
        model: join(RESOURCES, 'demo-model'),
        ...CONTEXT,
        provider: null
      },
      {}
    )
    expect(whatIf.context).toEqual({ ...CONTEXT, imputed: [] })
    whatIf.logits.forEach((logit, k) => expect(logit).toBeCloseTo(file!.prediction!.logits[k]!, 5))
  })

  it('follows a corrected GA and BW, and shows it in the table', async () => {
    const before = await predictions.get({ filmId: ids[0]!, modelId: null, context: null }, {})
    await correctTo(CONTEXT)
    const after = await predictions.get({ filmId: ids[0]!, modelId: null, context: null }, {})
    expect(after.context).toEqual({ ...CONTEXT, imputed: [] })
    expect(after.logits).not.toEqual(before.logits)
    const [row] = await session.studies.rows([ids[0]!])
    expect(row).toMatchObject({ predicted: after.predicted, confidence: Math.max(...after.probabilities) })
  })

  it('draws activation maps whose mean is the logit less the bias, the same bias for every film', async () => {
    const biases = await Promise.all(
      [ids[0]!, ids[1]!].map(async filmId => {
        const asked = { filmId, modelId: null, diagnosis: 'RDS', gated: true } as const
        const map = await predictions.activationMap(asked, {})
        expect([map.rows, map.columns]).toEqual([5, 5])
        expect(map.extent).toEqual({ left: 0, top: -10, right: 200, bottom: 190 })
        const { logits } = await predictions.get({ filmId, modelId: null, context: null }, {})
        return logits[4]! - map.values.reduce((sum, value) => sum + value, 0) / 25
      })
    )
    expect(biases[0]).toBeCloseTo(biases[1]!, 5)
  })

  it('tells the course over several films from what has been seen, with the present GA and BW, and runs nothing', async () => {
    const [answered, unseen] = [ids[0]!, ids[5]!]
    const asked = { filmId: answered, modelId: null, context: null }
    const now = await predictions.get(asked, {})
    const [first, second] = await predictions.course({ filmIds: [answered, unseen] }, {})
    expect(first).toEqual({ filmId: answered, probabilities: now.probabilities })
    expect(second).toEqual({ filmId: unseen, probabilities: null })
    await correctTo({ ...CONTEXT, gaDays: 270 })
    const [other] = await predictions.course({ filmIds: [answered] }, {})
    expect(other!.probabilities).not.toEqual(now.probabilities)
    expect(other!.probabilities).toEqual((await predictions.get(asked, {})).probabilities)
    await correctTo(CONTEXT)
    await predictions.get(asked, {})
  })

  it('predicts all films that lack it as a job, passing over one that cannot be read', async () => {
    const { jobId } = await predictions.start({ filmIds: null, modelId: null }, {})
    const job = await finished(jobId)
    expect(job).toMatchObject({ state: 'done', summary: { predicted: FILMS - 3, refused: 1 } })
    const rows = await session.studies.rows(ids)
    expect(rows.filter(({ predicted }) => predicted !== null)).toHaveLength(FILMS - 1)
    expect(rows.at(-1)).toMatchObject({ missing: true, predicted: null })
    const again = await finished((await predictions.start({ filmIds: null, modelId: null }, {})).jobId)
    expect(again.summary).toEqual({})
  })

  it('follows a correction as a job without the network, and keeps features and maps', async () => {
    const key = modelKey(await openProjectModel(core, null))
    const before = (await session.studies.prediction(ids[2]!, key))!
    const other = { gaDays: 230, bwGrams: 1900 }
    await correctTo(other)
    const network = vi.spyOn(core.inference, 'predict')
    const { summary } = await finished((await predictions.start({ filmIds: null, modelId: null }, {})).jobId)
    expect(summary).toEqual({ predicted: FILMS - 1, refused: 0 })
    expect(network).not.toHaveBeenCalled()
    network.mockRestore()
    const after = (await session.studies.prediction(ids[2]!, key))!
    expect(after).toMatchObject({ ...other, pooled: before.pooled, maps: before.maps })
    const [file] = await createModelTools(core).predictFiles(
      {
        paths: [await session.studies.filePath(ids[2]!)],
        model: join(RESOURCES, 'demo-model'),
        ...other,
        provider: null
      },
      {}
    )
    after.logits.forEach((logit, k) => expect(logit).toBeCloseTo(file!.prediction!.logits[k]!, 5))
    await correctTo(CONTEXT)
  })

  it('answers for a version whose head alone was trained from what its parent saw', async () => {
    const child = await registerHeadOnly([3, 1, 4, 1, 5, 9])
    const { jobId } = await predictions.start({ filmIds: ids.slice(0, 3), modelId: child.id }, {})
    expect(await finished(jobId)).toMatchObject({ state: 'done', summary: { predicted: 3, refused: 0 } })
    // Nothing but numbers was needed: no features were stored anew, no map was drawn.
    const key = { modelHash: child.hash, preprocessingHash: child.card.preprocessing.hash }
    expect(await session.studies.prediction(ids[1]!, key)).toMatchObject({ pooled: null, maps: null })

    const { logits } = await predictions.get({ filmId: ids[1]!, modelId: child.id, context: CONTEXT }, {})
    const paths = [await session.studies.filePath(ids[1]!)]
    const [file] = await createModelTools(core).predictFiles(
      { paths, model: child.folder, ...CONTEXT, provider: null },
      {}
    )
    logits.forEach((logit, k) => expect(logit).toBeCloseTo(file!.prediction!.logits[k]!, 5))
  })

  it('leaves no film of a list out where a job is stopped after those that need no network', async () => {
    const child = await registerHeadOnly([9, 5, 1, 4, 1, 3])
    const asked = ids.slice(0, 5)
    await session.database.kysely.deleteFrom('prediction').where('film_id', 'in', asked.slice(0, 2)).execute()
    let runner!: JobRunner
    const jobs = { register: (_: string, registered: JobRunner) => (runner = registered) }
    registerPredictJobs(core, { ...session, jobs } as unknown as OpenSession)
    let savedState: unknown = null
    let stopping = true
    const run = () => {
      const stop = new AbortController()
      return runner({
        input: { filmIds: asked, modelId: child.id },
        savedState,
        signal: stop.signal,
        progress: ({ done }: { done: number }) => stopping && done > 0 && stop.abort(),
        saveState: async (state: unknown) => void (savedState = structuredClone(state)),
        summary: () => {}
      } as unknown as JobRun)
    }
    await expect(run()).rejects.toThrow()
    stopping = false
    await run()
    const key = { modelHash: child.hash, preprocessingHash: child.card.preprocessing.hash }
    for (const id of asked) expect(await session.studies.prediction(id, key)).not.toBeNull()
  })

  it('gives a film in a batch the logits that it gets alone', async () => {
    const asked = { filmId: ids[3]!, modelId: null, context: null }
    const { logits } = await predictions.get(asked, {})
    const [alone] = await createModelTools(core).predictFiles(
      {
        paths: [await session.studies.filePath(ids[3]!)],
        model: join(RESOURCES, 'demo-model'),
        ...CONTEXT,
        provider: 'cpu'
      },
      {}
    )
    logits.forEach((logit, k) => expect(logit).toBeCloseTo(alone!.prediction!.logits[k]!, 5))
  })

  it('stops a job when it is cancelled and goes on with it later', async () => {
    const { jobId } = await predictions.start({ filmIds: ids.slice(0, -1), modelId: null }, {})
    const job = await session.jobs.cancel(jobId)
    expect(job.state).toBe('cancelled')
    await session.jobs.resume(jobId)
    expect(await finished(jobId)).toMatchObject({
      state: 'done',
      summary: { predicted: FILMS - 1, refused: 0 }
    })
  })

  it('refuses a model that the project does not have', async () => {
    await expect(
      predictions.get({ filmId: ids[0]!, modelId: 'other', context: null }, {})
    ).rejects.toMatchObject({ code: 'NOT_FOUND', detail: { field: 'modelId' } })
  })
})
