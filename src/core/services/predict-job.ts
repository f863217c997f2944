import { z } from 'zod'
import { NeoGateError, toError } from '../foundation'
import type { ModelInput } from '../image-preprocessing'
import type { JobRunner } from '../job-queue'
import type { CoreContext, ProjectSession } from './core-context'
import { filmWorker } from './film-worker'
import { gateInput, modelKey, toStored } from './predictions'
import { openProjectModel } from './project-models'

const jobInput = z.object({ filmIds: z.array(z.string()).nullable(), modelId: z.string() })
/** Films of an explicit list that are through; a list that was not given is found anew by what is missing. */
const jobState = z.object({ done: z.int(), predicted: z.int(), refused: z.int() })

interface ReadyFilm extends ModelInput {
  id: string
  gaDays: number | null
  bwGrams: number | null
}

/** Lets a project's queue predict films; called once for each project that is opened. */
export function registerPredictJobs(core: CoreContext, session: ProjectSession): void {
  session.jobs.register('predict', createPredictRunner(core, session))
}

/**
 * Predicts many films: while the network runs one batch, the film children make the inputs of the next. Stored after
 * every batch, so that a cancel or a crash loses one batch at most. A film that cannot be read is counted and passed over.
 */
function createPredictRunner(core: CoreContext, { studies, changes }: ProjectSession): JobRunner {
  const films = filmWorker(core.films)

  async function prepare(ids: string[], size: number, signal: AbortSignal): Promise<ReadyFilm[]> {
    const rows = await studies.rows(ids)
    const lost: string[] = []
    const ready = await Promise.all(
      rows.map(async ({ id, gaDays, bwGrams }) => {
        try {
          const input = await films.modelInput(await studies.filePath(id), size, { signal })
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

  return async run => {
    const { filmIds, modelId } = jobInput.parse(run.input)
    const earlier = run.savedState === null ? null : jobState.parse(run.savedState)
    const model = await openProjectModel(core, modelId)
    const ids = filmIds ?? (await studies.withoutPrediction(modelKey(model)))
    const state = { done: 0, predicted: 0, refused: 0, ...earlier, ...(filmIds ? {} : { done: 0 }) }
    const batchSize = await core.inference.filmsPerCall(model)
    const batch = (from: number) => ids.slice(from, from + batchSize)
    const prepareFrom = (from: number) => {
      const next = prepare(batch(from), model.card.size, run.signal)
      // Awaited one round later; without this a failure in between would count as unhandled.
      next.catch(() => {})
      return next
    }

    run.progress({ done: state.done, total: ids.length, step: 'predict' })
    let next = prepareFrom(state.done)
    while (state.done < ids.length) {
      const asked = batch(state.done)
      const ready = await next
      next = prepareFrom(state.done + asked.length)
      if (ready.length > 0) {
        const { outputs, provider } = await core.inference.predict(
          model,
          ready.map(film => ({ plane: film.plane, ...contextOf(film) })),
          null,
          { signal: run.signal }
        )
        await studies.setPredictions(
          outputs.map((output, i) => toStored(core, model, ready[i]!, output, provider))
        )
      }
      state.done += asked.length
      state.predicted += ready.length
      state.refused += asked.length - ready.length
      await run.saveState(state)
      run.summary({ predicted: state.predicted, refused: state.refused })
      run.progress({ done: state.done, total: ids.length, step: 'predict' })
      changes.publish(['predictions', 'films'], asked)
    }

    function contextOf(film: ReadyFilm) {
      const { gaDays, bwGrams } = gateInput(model, film)
      return { gaDays, bwGrams }
    }
  }
}

/** True where the film is at fault (gone, damaged, killed its decoder), so that the other films can go on. */
export function isFilmFault(thrown: unknown): boolean {
  const error = toError(thrown)
  return error instanceof NeoGateError && ['FILE_REFUSED', 'NOT_FOUND', 'WORKER_FAILED'].includes(error.code)
}
