import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { isFilmFault, NeoGateError } from '../foundation'
import type { ModelInput } from '../image-preprocessing'
import type { JobRunner } from '../job-queue'
import type { StoredPrediction } from '../study-store'
import type { CoreContext, ProjectSession } from './core-context'
import { filmWorker } from './film-worker'
import type { OpenModel } from './inference'
import { featureKin, modelKey } from './inherited-features'
import { fromFeatures, gateInput, toStored } from './predictions'
import { openProjectModel } from './project-models'

const jobInput = z.object({ filmIds: z.array(z.string()).nullable(), modelId: z.string() })
/** Films of an explicit list that are through, front to back; a list that was not given is found anew by what is missing. */
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
    while (state.done < ids.length) {
      const piece = ids.slice(state.done, state.done + PIECE)
      let done = state.done
      for await (const batch of predictFilms(core, session, model, piece, run.signal, filmIds !== null)) {
        done += batch.asked
        state.predicted += batch.predicted
        state.refused += batch.asked - batch.predicted
        run.summary({ predicted: state.predicted, refused: state.refused })
        run.progress({ done, total: ids.length, step: 'predict' })
        // Of a list that is found anew each time, only the counts matter.
        if (filmIds === null) await run.saveState(state)
      }
      state.done = done
      await run.saveState(state)
    }
  }
}

/** Films between two states that a job can go on from: within a piece, those that need no network come first. */
const PIECE = 256

interface ReadyFilm extends ModelInput {
  id: string
  gaDays: number | null
  bwGrams: number | null
}

/**
 * Predicts many films: while the network runs one batch, the film children make the inputs of the next. Stored after
 * every batch, so that a cancel or a crash loses one batch at most. A film that cannot be read is passed over.
 * @param anew runs the network also where it has seen the film, with another GA or BW
 * @returns after each batch, how many films it was asked for and how many it predicted
 */
export async function* predictFilms(
  core: CoreContext,
  session: ProjectSession,
  model: OpenModel,
  ids: readonly string[],
  signal: AbortSignal,
  anew = false
): AsyncGenerator<{ asked: number; predicted: number }> {
  const { studies, changes } = session
  const films = filmWorker(core.films)
  const left: string[] = []
  for await (const { asked, without } of inheritPredictions(core, session, model, ids, { signal, anew })) {
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

/**
 * Predicts what needs no network: films whose features the model or a relative has, from an earlier GA or BW or as the features of its
 * parent. What the model has stored of a film besides, its own features and maps, is kept.
 */
async function* inheritPredictions(
  core: CoreContext,
  { studies, changes }: ProjectSession,
  model: OpenModel,
  ids: readonly string[],
  { signal, anew }: { signal: AbortSignal; anew: boolean }
): AsyncGenerator<{ asked: number; without: string[] }> {
  const { head } = model
  const [own, ...relatives] = head ? await featureKin(core, model) : []
  const kin = own && !anew ? [own, ...relatives] : relatives
  if (!head || kin.length === 0) {
    yield { asked: ids.length, without: [...ids] }
    return
  }
  for (let from = 0; from < ids.length; from += INHERITED_AT_ONCE) {
    if (signal.aborted) throw new NeoGateError('CANCELLED', 'The prediction was cancelled.')
    const asked = ids.slice(from, from + INHERITED_AT_ONCE)
    const pooled = await studies.pooled(kin, asked)
    const answers: StoredPrediction[] = []
    for (const row of await studies.rows([...pooled.keys()])) {
      const stored = await studies.prediction(row.id, modelKey(model))
      answers.push(fromFeatures(core, model, head, row, pooled.get(row.id)!, stored))
    }
    await studies.setPredictions(answers)
    if (answers.length > 0) changes.publish(['predictions', 'films'], [...pooled.keys()])
    yield { asked: asked.length, without: asked.filter(id => !pooled.has(id)) }
    await nextTurn()
  }
}
