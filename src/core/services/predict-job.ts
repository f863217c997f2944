import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { isFilmFault, NeoGateError } from '../foundation'
import type { ModelInput } from '../image-preprocessing'
import type { JobRunner } from '../job-queue'
import type { StoredPrediction } from '../study-store'
import type { CoreContext, ProjectSession } from './core-context'
import { filmWorker } from './film-worker'
import type { OpenModel } from './inference'
import { featureKin, modelKey, pooledFeatures } from './inherited-features'
import { fromFeatures, gateInput, toStored } from './predictions'
import { openProjectModel } from './project-models'

const jobInput = z.object({ filmIds: z.array(z.string()).nullable(), modelId: z.string() })
/** Films of an explicit list that are through; a list that was not given is found anew by what is missing. */
const jobState = z.object({ done: z.int(), predicted: z.int(), refused: z.int() })

/** Lets a project's queue predict films; called once for each project that is opened. */
export function registerPredictJobs(core: CoreContext, session: ProjectSession): void {
  session.jobs.register('predict', createPredictRunner(core, session))
}

function createPredictRunner(core: CoreContext, session: ProjectSession): JobRunner {
  return async run => {
    const { filmIds, modelId } = jobInput.parse(run.input)
    const earlier = run.savedState === null ? null : jobState.parse(run.savedState)
    const model = await openProjectModel(core, modelId)
    const ids = filmIds ?? (await session.studies.withoutPrediction(modelKey(model)))
    const state = { done: 0, predicted: 0, refused: 0, ...earlier, ...(filmIds ? {} : { done: 0 }) }

    run.progress({ done: state.done, total: ids.length, step: 'predict' })
    for await (const batch of predictFilms(core, session, model, ids.slice(state.done), run.signal)) {
      state.done += batch.asked
      state.predicted += batch.predicted
      state.refused += batch.asked - batch.predicted
      await run.saveState(state)
      run.summary({ predicted: state.predicted, refused: state.refused })
      run.progress({ done: state.done, total: ids.length, step: 'predict' })
    }
  }
}

interface ReadyFilm extends ModelInput {
  id: string
  gaDays: number | null
  bwGrams: number | null
}

/**
 * Predicts many films: while the network runs one batch, the film children make the inputs of the next. Stored after
 * every batch, so that a cancel or a crash loses one batch at most. A film that cannot be read is passed over.
 * @returns after each batch, how many films it was asked for and how many it predicted
 */
export async function* predictFilms(
  core: CoreContext,
  session: ProjectSession,
  model: OpenModel,
  ids: readonly string[],
  signal: AbortSignal
): AsyncGenerator<{ asked: number; predicted: number }> {
  const { studies, changes } = session
  const films = filmWorker(core.films)
  const left: string[] = []
  for await (const { asked, without } of inheritPredictions(core, session, model, ids, signal)) {
    left.push(...without)
    const predicted = asked - without.length
    if (predicted > 0) yield { asked: predicted, predicted }
  }
  const batchSize = await core.inference.filmsPerCall(model)
  const batch = (from: number) => left.slice(from, from + batchSize)
  const prepareFrom = (from: number) => {
    const next = prepare(batch(from))
    // Awaited one round later; without this a failure in between would count as unhandled.
    next.catch(() => {})
    return next
  }

  let next = prepareFrom(0)
  for (let done = 0; done < left.length; done += batchSize) {
    const asked = batch(done)
    const ready = await next
    next = prepareFrom(done + batchSize)
    if (ready.length > 0) {
      const { outputs, provider } = await core.inference.predict(
        model,
        ready.map(film => {
          const { gaDays, bwGrams } = gateInput(model, film)
          return { plane: film.plane, gaDays, bwGrams }
        }),
        null,
        { signal }
      )
      await studies.setPredictions(
        outputs.map((output, i) => toStored(core, model, ready[i]!, output, provider))
      )
    }
    changes.publish(['predictions', 'films'], asked)
    yield { asked: asked.length, predicted: ready.length }
  }

  async function prepare(wanted: readonly string[]): Promise<ReadyFilm[]> {
    const rows = await studies.rows([...wanted])
    const lost: string[] = []
    const ready = await Promise.all(
      rows.map(async ({ id, gaDays, bwGrams }) => {
        try {
          const input = await films.modelInput(await studies.filePath(id), model.card.size, { signal })
          return [{ ...input, id, gaDays, bwGrams }]
        } catch (thrown) {
          if (!isFilmFault(thrown)) throw thrown
          lost.push(id)
          return []
        }
      })
    )
    if (lost.length > 0) await studies.markMissing(lost, true)
    return ready.flat()
  }
}

/** Films answered for from a relative's features between two turns of the event loop. */
const INHERITED_AT_ONCE = 64

/** Predicts what needs no network: films whose features a relative of the model has. */
async function* inheritPredictions(
  core: CoreContext,
  { studies, changes }: ProjectSession,
  model: OpenModel,
  ids: readonly string[],
  signal: AbortSignal
): AsyncGenerator<{ asked: number; without: string[] }> {
  const kin = model.head ? await featureKin(core, model) : []
  if (!model.head || kin.length < 2) {
    yield { asked: ids.length, without: [...ids] }
    return
  }
  for (let from = 0; from < ids.length; from += INHERITED_AT_ONCE) {
    if (signal.aborted) throw new NeoGateError('CANCELLED', 'The prediction was cancelled.')
    const asked = ids.slice(from, from + INHERITED_AT_ONCE)
    const without: string[] = []
    const answers: StoredPrediction[] = []
    for (const row of await studies.rows([...asked])) {
      const pooled = await pooledFeatures(studies, kin, row.id)
      if (pooled) answers.push(fromFeatures(core, model, model.head, row, pooled, null))
      else without.push(row.id)
    }
    await studies.setPredictions(answers)
    changes.publish(['predictions', 'films'], [...asked])
    yield { asked: asked.length, without }
    await nextTurn()
  }
}
