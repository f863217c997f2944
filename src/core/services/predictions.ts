import type { ActivationMap, Prediction } from '../../contract'
import { DIAGNOSES, type Diagnosis } from '../domain'
import { NeoGateError } from '../foundation'
import { softmaxOf, type ContextHead } from '../ml/explain'
import type { FilmRow, StoredPrediction } from '../study-store'
import type { CoreContext } from './core-context'
import { filmWorker } from './film-worker'
import type { OpenModel } from './inference'
import type { FilmOutput } from './model-client'
import type { Provider } from '../ml/runtime'
import { openProjectModel } from './project-models'
import type { Services } from './services'

/** GA and BW as recorded; null where the record has none. */
export interface RecordedContext {
  gaDays: number | null
  bwGrams: number | null
}

/** What the gate is given, and which of the two was absent and replaced by the cohort's mean. */
export function gateInput(model: OpenModel, { gaDays, bwGrams }: RecordedContext): Prediction['context'] {
  const { gaMeanDays, bwMeanGrams } = model.card.context
  const imputed: Prediction['context']['imputed'] = []
  if (gaDays === null) imputed.push('gaDays')
  if (bwGrams === null) imputed.push('bwGrams')
  return { gaDays: gaDays ?? gaMeanDays, bwGrams: bwGrams ?? bwMeanGrams, imputed }
}

/** Index and value of the largest probability. */
export function winner(probabilities: ArrayLike<number>): { predicted: Diagnosis; confidence: number } {
  let best = 0
  for (let k = 1; k < probabilities.length; k++) if (probabilities[k]! > probabilities[best]!) best = k
  return { predicted: DIAGNOSES[best]!, confidence: probabilities[best]! }
}

/** Kept beside the stored maps: their shape, what they cover, and the context that the gated ones were made with. */
interface MapGeometry extends RecordedContext {
  rows: number
  columns: number
  extent: ActivationMap['extent']
}

export function toStored(
  core: CoreContext,
  model: OpenModel,
  film: { id: string; extent: ActivationMap['extent'] } & RecordedContext,
  output: FilmOutput,
  provider: Provider
): StoredPrediction {
  const { id, extent, gaDays, bwGrams } = film
  const geometry: MapGeometry = { rows: output.rows, columns: output.columns, extent, gaDays, bwGrams }
  return {
    filmId: id,
    modelHash: model.hash,
    preprocessingHash: model.card.preprocessing.hash,
    gaDays,
    bwGrams,
    logits: output.logits,
    probabilities: output.probabilities,
    ...winner(output.probabilities),
    pooled: output.pooled,
    maps: output.maps,
    mapGeometry: geometry,
    provider,
    createdAt: core.clock.timestamp()
  }
}

export function createPredictionsService(core: CoreContext): Services['predictions'] {
  const films = filmWorker(core.films)

  /** Runs the whole network on one film, with the GA and BW given, ahead of any bulk work. */
  async function run(
    model: OpenModel,
    row: FilmRow,
    context: RecordedContext,
    signal: AbortSignal | undefined
  ) {
    const file = await core.project().studies.filePath(row.id)
    const options = { signal, priority: 1 }
    const { plane, extent } = await films.modelInput(file, model.card.size, options)
    const film = { plane, ...gateInput(model, context) }
    const { outputs, ...choice } = await core.inference.predict(model, [film], null, options)
    return { output: outputs[0]!, extent, ...choice }
  }

  /** The same with the infant's own GA and BW, and stores what it gives. */
  async function predictNow(model: OpenModel, row: FilmRow, signal: AbortSignal | undefined) {
    const { studies, changes } = core.project()
    const { output, extent, provider, fallback } = await run(model, row, row, signal)
    const stored = toStored(core, model, { ...row, extent }, output, provider)
    await studies.setPredictions([stored])
    changes.publish(['predictions', 'films'], [row.id])
    return { stored, fallback }
  }

  /** Brings a stored prediction up to the context that the infant has now: exact, without the backbone. */
  async function refreshed(
    model: OpenModel,
    head: ContextHead,
    row: FilmRow,
    stored: StoredPrediction & { pooled: Float32Array }
  ) {
    const { studies, changes } = core.project()
    const answer = headAnswer(model, head, stored.pooled, row)
    const { gaDays, bwGrams } = row
    const current = { ...stored, gaDays, bwGrams, ...answer, ...winner(answer.probabilities) }
    await studies.setPredictions([{ ...current, createdAt: core.clock.timestamp() }])
    changes.publish(['predictions', 'films'], [row.id])
    return current
  }

  async function currentPrediction(model: OpenModel, row: FilmRow, signal: AbortSignal | undefined) {
    const stored = await core.project().studies.prediction(row.id, modelKey(model))
    if (!stored?.pooled) return predictNow(model, row, signal)
    if (sameContext(stored, row)) return { stored, fallback: null }
    if (!model.head) return predictNow(model, row, signal)
    const { pooled } = stored
    return { stored: await refreshed(model, model.head, row, { ...stored, pooled }), fallback: null }
  }

  return {
    async get({ filmId, modelId, context }, { signal }) {
      const model = await openProjectModel(core, modelId)
      const [row] = await core.project().studies.rows([filmId])
      const { stored, fallback } = await currentPrediction(model, row!, signal)
      const asked = context ?? row!
      const { logits, probabilities } = sameContext(stored, asked)
        ? stored
        : model.head
          ? headAnswer(model, model.head, stored.pooled!, asked)
          : (await run(model, row!, asked, signal)).output
      return {
        filmId,
        ...answerOf(model, { logits, probabilities }, gateInput(model, asked)),
        provider: stored.provider as Provider,
        fallback
      }
    },

    async activationMap({ filmId, modelId, diagnosis, gated }, { signal }) {
      const model = await openProjectModel(core, modelId)
      const { studies } = core.project()
      const [row] = await studies.rows([filmId])
      let stored = await studies.prediction(filmId, modelKey(model))
      const usable = stored?.maps && (!gated || sameContext(stored.mapGeometry as MapGeometry, row!))
      if (!stored || !usable) stored = (await predictNow(model, row!, signal)).stored
      const { rows, columns, extent } = stored.mapGeometry as MapGeometry
      const cells = rows * columns
      const map = DIAGNOSES.indexOf(diagnosis) + (gated ? DIAGNOSES.length : 0)
      return {
        rows,
        columns,
        extent,
        values: Array.from(stored.maps!.subarray(map * cells, (map + 1) * cells))
      }
    },

    async start({ filmIds, modelId }) {
      const model = await openProjectModel(core, modelId)
      const { studies, jobs } = core.project()
      if (filmIds?.length === 0) {
        throw new NeoGateError('INVALID_INPUT', 'No films are chosen.', { field: 'filmIds' })
      }
      if (filmIds) await studies.rows(filmIds)
      return { jobId: await jobs.start('predict', { filmIds, modelId: model.id }) }
    }
  }
}

/** The part of an answer that does not depend on where the film came from. */
export function answerOf(
  model: OpenModel,
  { logits, probabilities }: { logits: Float32Array; probabilities: Float32Array },
  context: Prediction['context']
): Omit<Prediction, 'filmId' | 'provider' | 'fallback'> {
  return {
    modelId: model.id,
    modelHash: model.hash,
    preprocessingHash: model.card.preprocessing.hash,
    trained: model.card.trained,
    logits: Array.from(logits),
    probabilities: Array.from(probabilities),
    predicted: winner(probabilities).predicted,
    context
  }
}

function headAnswer(model: OpenModel, head: ContextHead, pooled: Float32Array, context: RecordedContext) {
  const { gaDays, bwGrams } = gateInput(model, context)
  const logits = head.logits(pooled, gaDays, bwGrams)
  return { logits, probabilities: softmaxOf(logits) }
}

export function modelKey({ hash, card }: OpenModel) {
  return { modelHash: hash, preprocessingHash: card.preprocessing.hash }
}

function sameContext(a: RecordedContext, b: RecordedContext): boolean {
  return a.gaDays === b.gaDays && a.bwGrams === b.bwGrams
}
