import { cp, mkdir, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder'
import { evaluationOptions, type Evaluation, type EvaluationOptions } from '../../contract'
import { DIAGNOSES } from '../domain'
import { contentId, createRandom, silentLogger, systemClock } from '../foundation'
import { softmaxOf } from '../ml/explain'
import { readModelFolder, type ModelFolder } from '../model-registry'
import type { CoreContext } from './core-context'
import { createEvaluationService } from './evaluation'
import { registerEvaluateJobs } from './evaluation/evaluate-job'
import { createInference } from './inference'
import { modelKey } from './inherited-features'
import { projectModels } from './project-models'
import { openProjectSession, type OpenSession } from './project-session'
import { writeReport } from './reports/write-report'

const RESOURCES = fileURLToPath(new URL('../../../resources', import.meta.url))
const FONTS = join(RESOURCES, '../node_modules/pretendard/dist/public/static/alternative')
const INFANTS = 90

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let session: OpenSession
let core: CoreContext
let evaluations: ReturnType<typeof createEvaluationService>
let shipped: ModelFolder

beforeEach(async () => {
  folder = await temporaryFolder('evaluation')
  await mkdir(join(folder.path, 'user'))
  await cp(join(RESOURCES, 'demo-model'), join(folder.path, 'demo-model'), { recursive: true })
  session = await openProjectSession({
    folder: join(folder.path, 'project'),
    target: { mode: 'create', name: 'Test' },
    clock: systemClock,
    logger: silentLogger
  })
  const base = {
    resourcesFolder: folder.path,
    userFolder: join(folder.path, 'user'),
    clock: systemClock,
    logger: silentLogger,
    info: { version: '0', runtime: { onnxruntime: '0' } },
    settings: { get: () => ({ readerName: '김 선생', provider: 'cpu' }) },
    project: () => session
  } as unknown as CoreContext
  core = { ...base, inference: createInference(base) } as CoreContext
  registerEvaluateJobs(core, session)
  evaluations = createEvaluationService(core)
  await projectModels(core)
  shipped = await readModelFolder(join(folder.path, 'demo-model'))
  await fillProject()
  await predict(0.6)
  await session.splits.make({
    name: 'main',
    proportions: [0.4, 0.3, 0.3],
    seed: 1,
    extend: null,
    reader: 'Kim'
  })
})
afterEach(async () => {
  await session.close()
  await folder.remove()
})

const filmId = (infant: number, film: number) => contentId('film', `${infant}/${film}`)

/** Two films of each infant; GA follows the class, so that it explains something by itself. */
async function fillProject(): Promise<void> {
  const db = session.database.kysely
  for (let infant = 0; infant < INFANTS; infant++) {
    const patient_id = contentId('patient', `${infant}`)
    const label = DIAGNOSES[infant % 6]!
    const context = {
      ga_days: 180 + 15 * (infant % 6),
      bw_grams: 900 + 400 * (infant % 6),
      sex: infant % 2 ? 'F' : 'M'
    } as const
    const common = { patient_id, patient_key: `P${infant}`, site: infant % 3 === 0 ? '한국대병원' : 'B' }
    await db
      .insertInto('patient')
      .values({ id: patient_id, site: common.site, patient_key: common.patient_key, ...context })
      .execute()
    for (const film of [1, 2]) {
      await db
        .insertInto('film')
        .values({
          ...common,
          ...context,
          id: filmId(infant, film),
          root: '/films',
          path: `${infant}/${film}.dcm`,
          fingerprint: `${infant}.${film}`,
          byte_size: 1,
          modified_at: '2024-01-01T00:00:00.000Z',
          header_json: '{}',
          added_at: '2024-01-01T00:00:00.000Z',
          age_hours: 10 * film,
          film_number: film,
          film_count: 2,
          context_state: 'plausible'
        })
        .execute()
      await session.labels.setLabel({
        filmId: filmId(infant, film),
        value: { diagnosis: label, certainty: 'sure', comment: '' },
        revision: await session.labels.head(),
        reader: 'Kim'
      })
    }
  }
}

/** Stores answers of the shipped model that are right about as often as `skill` makes them. */
async function predict(skill: number): Promise<void> {
  const random = createRandom(1, 'answers')
  const rows = await session.studies.rows(
    Array.from({ length: INFANTS }, (_, infant) => [filmId(infant, 1), filmId(infant, 2)]).flat()
  )
  await session.studies.setPredictions(
    rows.map(row => {
      const logits = Float32Array.from(
        DIAGNOSES,
        name => random.normal() + (name === row.label ? 3 * skill : 0)
      )
      const probabilities = softmaxOf(logits)
      return {
        filmId: row.id,
        ...modelKey(shipped),
        gaDays: row.gaDays,
        bwGrams: row.bwGrams,
        logits,
        probabilities,
        predicted: DIAGNOSES[logits.indexOf(Math.max(...logits))]!,
        confidence: Math.max(...probabilities),
        pooled: null,
        maps: null,
        mapGeometry: null,
        provider: 'cpu',
        createdAt: systemClock.timestamp()
      }
    })
  )
}

async function evaluate(options: Partial<EvaluationOptions>): Promise<Evaluation> {
  const { jobId } = await evaluations.start(
    evaluationOptions.parse({
      set: { kind: 'side', side: 'validation' },
      resamples: 100,
      controls: ['context-logistic'],
      ...options
    }),
    {}
  )
  for await (const _ of session.jobs.watch(jobId));
  const { state, error } = await session.jobs.get(jobId)
  expect({ state, error }).toEqual({ state: 'done', error: null })
  return evaluations.get({ id: jobId }, {})
}

describe('an evaluation', () => {
  it('is of the validation side, whose films lie behind every count', async () => {
    const evaluation = await evaluate({})
    const { validation } = await session.splits.trainingFilms('main')
    expect(evaluation.summary.films).toBe(validation.length)
    expect(evaluation.summary.reader).toBe('김 선생')
    const behind: string[] = []
    for (const [label, row] of evaluation.confusion.entries()) {
      for (const [predicted, count] of row.entries()) {
        const cell = { label: DIAGNOSES[label]!, predicted: DIAGNOSES[predicted]! }
        const { filmIds } = await evaluations.films({ id: evaluation.summary.id, ...cell }, {})
        expect(filmIds).toHaveLength(count)
        for (const film of await session.studies.rows(filmIds)) expect(film).toMatchObject(cell)
        behind.push(...filmIds)
      }
    }
    expect(behind.sort()).toEqual([...validation].sort())
    const column = await evaluations.films({ id: evaluation.summary.id, label: null, predicted: 'TTN' }, {})
    expect(column.filmIds).toHaveLength(evaluation.confusion.reduce((sum, row) => sum + row[5]!, 0))
  })

  it('has subgroups that add up, controls beside the model, and a calibration kept with the version', async () => {
    const { subgroups, controls, calibration, summary, warnings } = await evaluate({})
    for (const grouping of ['site', 'gaBand', 'ageBand', 'sex']) {
      const films = subgroups.filter(group => group.grouping === grouping).map(group => group.films)
      expect(films.reduce((sum, count) => sum + count, 0)).toBe(summary.films)
    }
    expect(subgroups.map(({ value }) => value)).toContain('한국대병원')
    const { overall, fittedOn } = controls[0]!
    expect(fittedOn).toBe((await session.splits.trainingFilms('main')).train.length)
    // GA and BW say the class outright in these made-up infants.
    expect(overall.macroF1!.estimate).toBeGreaterThan(0.9)
    expect(await session.evaluations.calibration(shipped.hash)).toMatchObject({
      temperature: calibration!.temperature,
      films: summary.films
    })
    expect(warnings.map(({ code }) => code)).toContain('calibrated-here')
  })

  it('opens the locked test side for a reason only, which is recorded before anything else', async () => {
    const set = { kind: 'side', split: 'main', side: 'test' } as const
    await expect(evaluate({ set: { ...set, reason: '  ' } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      detail: { field: 'reason' }
    })
    expect(await session.splits.testAccesses('main')).toEqual([])
    const evaluation = await evaluate({ set: { ...set, reason: 'final figures' } })
    const [access] = await session.splits.testAccesses('main')
    expect(access).toMatchObject({ reason: 'final figures', films: evaluation.summary.films })
    // Fitted on validation films, not on these.
    const { validation } = await session.splits.trainingFilms('main')
    expect(evaluation.calibration!.films).toBe(validation.length)
    expect(evaluation.warnings.map(({ code }) => code)).not.toContain('calibrated-here')
  })

  it('of all films leaves the locked test side out', async () => {
    const { train, validation } = await session.splits.trainingFilms('main')
    const evaluation = await evaluate({ set: { kind: 'all' } })
    expect(evaluation.summary.films).toBe(train.length + validation.length)
    expect(evaluation.warnings).toContainEqual({
      code: 'test-left-out',
      count: 2 * INFANTS - train.length - validation.length,
      diagnosis: null
    })
    expect(evaluation.controls[0]!.crossFitted).toBe(true)
  })

  it('stays as it is when labels change, and another one has another hash', async () => {
    const before = await evaluate({})
    const id = (await session.splits.trainingFilms('main')).validation[0]!
    const [row] = await session.studies.rows([id])
    await session.labels.setLabel({
      filmId: id,
      value: { diagnosis: row!.label === 'TTN' ? 'RDS' : 'TTN', certainty: 'sure', comment: '' },
      revision: await session.labels.head(),
      reader: 'Kim'
    })
    expect(await evaluations.get({ id: before.summary.id }, {})).toEqual(before)
    const after = await evaluate({})
    expect(after.summary.setHash).not.toBe(before.summary.setHash)
    expect(after.warnings).toContainEqual({ code: 'relabelled', count: 1, diagnosis: null })
    // The film that was relabelled is left out of a comparison.
    const compared = await evaluations.compare({ a: before.summary.id, b: after.summary.id }, {})
    expect(compared.films).toBe(before.summary.films - 1)
    expect(compared.figures.difference.overall.macroF1).toEqual({ estimate: 0, low: 0, high: 0 })
    expect(compared.agreement).toMatchObject({ onlyARight: 0, onlyBRight: 0 })
  })

  it('is reported with every figure, without a patient', async () => {
    await cp(FONTS, join(folder.path, 'fonts'), { recursive: true })
    const evaluation = await evaluate({
      set: { kind: 'side', split: 'main', side: 'test', reason: 'the report' }
    })
    const out = join(folder.path, 'report')
    const { files } = await writeReport(core, { kind: 'evaluation', id: evaluation.summary.id }, out)
    const names = files.map(({ name }) => name)
    for (const name of [
      'report.pdf',
      'figures.csv',
      'provenance.json',
      'model-card.md',
      'roc.svg',
      'roc.png'
    ]) {
      expect(names).toContain(name)
    }
    const texts = await Promise.all(
      names.filter(name => !/pdf|png/.test(name)).map(name => readFile(join(out, name), 'utf8'))
    )
    for (const text of texts) {
      expect(text).toContain('Research use only. Not for diagnosis.')
      for (let infant = 0; infant < INFANTS; infant++) {
        expect(text).not.toMatch(new RegExp(`\\bP${infant}\\b`))
        expect(text).not.toContain(filmId(infant, 1))
      }
    }
    const csv = texts[names.filter(name => !/pdf|png/.test(name)).indexOf('figures.csv')]!
    const { estimate, low, high } = evaluation.overall.macroF1!
    expect(csv).toContain(`overall,,,macroF1,${estimate},${low},${high},${evaluation.summary.films}`)
    expect(csv).toContain('한국대병원')
    const origin = JSON.parse(await readFile(join(out, 'provenance.json'), 'utf8')) as object
    expect(origin).toMatchObject({
      model: { hash: shipped.hash },
      set: { hash: evaluation.summary.setHash, reason: 'the report' },
      split: { manifest: evaluation.summary.set.split!.hash },
      bootstrap: { resamples: 100, seed: 1 }
    })

    // Given up after its first files were written, it leaves nothing behind.
    const controller = new AbortController()
    const { signal } = controller
    let steps = 0
    signal.throwIfAborted = () => {
      steps += 1
      if (steps === 4) controller.abort()
      AbortSignal.prototype.throwIfAborted.call(signal)
    }
    const given = join(folder.path, 'given-up')
    const subject = { kind: 'evaluation', id: evaluation.summary.id } as const
    await expect(writeReport(core, subject, given, signal)).rejects.toThrow(/abort/i)
    expect(steps).toBe(4)
    await expect(readdir(given)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('is not found under another id', async () => {
    const unknown = contentId('nothing')
    const films = { id: unknown, label: null, predicted: null }
    await expect(evaluations.get({ id: unknown }, {})).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(evaluations.films(films, {})).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
