import type { ActivationMap, Prediction } from '../../contract'
import { DIAGNOSES, type Diagnosis } from '../domain'
import { NeoGateError } from '../foundation'
import { softmaxOf, type ContextHead } from '../ml/explain'
import type { FilmRow, StoredPrediction } from '../study-store'
import type { CoreContext } from './core-context'
import { filmWorker } from './film-worker'
import type { OpenModel } from './inference'
import { featureKin, modelKey, pooledFeatures } from './inherited-features'
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
  const { ofImage } = output
  const geometry: MapGeometry | null = ofImage && {
    rows: ofImage.rows,
    columns: ofImage.columns,
    extent,
    gaDays,
    bwGrams
  }
  return {
    filmId: id,
    modelHash: model.hash,
    preprocessingHash: model.card.preprocessing.hash,
    gaDays,
    bwGrams,
    logits: output.logits,
    probabilities: output.probabilities,
    ...winner(output.probabilities),
    pooled: ofImage?.pooled ?? null,
    maps: ofImage?.maps ?? null,
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

  /** What this version says of a film whose pooled features are at hand: exact, without the backbone. Stores it. */
  async function answerFrom(
    model: OpenModel,
    head: ContextHead,
    row: FilmRow,
    pooled: Float32Array,
    stored: StoredPrediction | null
  ) {
    const { studies, changes } = core.project()
    const current = fromFeatures(core, model, head, row, pooled, stored)
    await studies.setPredictions([current])
    changes.publish(['predictions', 'films'], [row.id])
    return current
  }

  async function currentPrediction(model: OpenModel, row: FilmRow, signal: AbortSignal | undefined) {
    const { studies } = core.project()
    const stored = await studies.prediction(row.id, modelKey(model))
    if (stored && sameContext(stored, row)) return { stored, fallback: null }
    const pooled = model.head && (await pooledFeatures(studies, await featureKin(core, model), row.id))
    if (!model.head || !pooled) return predictNow(model, row, signal)
    return { stored: await answerFrom(model, model.head, row, pooled, stored), fallback: null }
  }

  /** An answer for another GA or BW than the infant's own; nothing is stored. */
  async function answerFor(
    model: OpenModel,
    row: FilmRow,
    asked: RecordedContext,
    signal: AbortSignal | undefined
  ) {
    const { studies } = core.project()
    const pooled = model.head && (await pooledFeatures(studies, await featureKin(core, model), row.id))
    if (model.head && pooled) return headAnswer(model, model.head, pooled, asked)
    return (await run(model, row, asked, signal)).output
  }

  return {
    async get({ filmId, modelId, context }, { signal }) {
      const model = await openProjectModel(core, modelId)
      const [row] = await core.project().studies.rows([filmId])
      const { stored, fallback } = await currentPrediction(model, row!, signal)
      const asked = context ?? row!
      const { logits, probabilities } = sameContext(stored, asked)
        ? stored
        : await answerFor(model, row!, asked, signal)
      return {
        filmId,
        ...answerOf(model, { logits, probabilities }, gateInput(model, asked)),
        provider: stored.provider as Provider,
        fallback
      }
    },

    async course({ filmIds }) {
      const model = await openProjectModel(core, null)
      const { studies } = core.project()
      const rows = await studies.rows(filmIds)
      const kin = await featureKin(core, model)
      return Promise.all(
        rows.map(async row => {
          const stored = await studies.prediction(row.id, modelKey(model))
          if (stored && sameContext(stored, row))
            return { filmId: row.id, probabilities: Array.from(stored.probabilities) }
          const pooled = model.head && (await pooledFeatures(studies, kin, row.id))
          const answer = model.head && pooled ? headAnswer(model, model.head, pooled, row) : null
          return { filmId: row.id, probabilities: answer && Array.from(answer.probabilities) }
        })
      )
    },

    async activationMap({ filmId, modelId, diagnosis, gated }, { signal }) {
      const model = await openProjectModel(core, modelId)
      const { studies } = core.project()
      const [row] = await studies.rows([filmId])
      let stored = await studies.prediction(filmId, modelKey(model))
      const usable = stored?.maps && (!gated || sameContext(stored.mapGeometry as MapGeometry, row!))
      if (!stored || !usable) stored = (await predictNow(model, row!, signal)).stored
      if (!stored.maps) throw noMap(model)
      const { rows, columns, extent } = stored.mapGeometry as MapGeometry
      const cells = rows * columns
      // Without a gate every channel counts as it is: both kinds of map are one.
      const hasGate = stored.maps.length > DIAGNOSES.length * cells
      const map = DIAGNOSES.indexOf(diagnosis) + (gated && hasGate ? DIAGNOSES.length : 0)
      return {
        rows,
        columns,
        extent,
        values: Array.from(stored.maps.subarray(map * cells, (map + 1) * cells))
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

function noMap({ card }: OpenModel): NeoGateError {
  return new NeoGateError(
    'INVALID_INPUT',
    `${card.method} does not look at the film, so it has no activation map.`,
    {
      field: 'modelId',
      reason: 'no-map'
    }
  )
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

/**
 * A prediction made from pooled features, to be stored. Features of a relative are not stored once more, and maps are made
 * when they are asked for.
 */
export function fromFeatures(
  core: CoreContext,
  model: OpenModel,
  head: ContextHead,
  film: { id: string } & RecordedContext,
  pooled: Float32Array,
  stored: StoredPrediction | null
): StoredPrediction {
  const { gaDays, bwGrams } = film
  const answer = headAnswer(model, head, pooled, film)
  const features = stored ?? { pooled: null, maps: null, mapGeometry: null, provider: 'cpu' }
  return {
    ...features,
    ...modelKey(model),
    filmId: film.id,
    gaDays,
    bwGrams,
    ...answer,
    ...winner(answer.probabilities),
    createdAt: core.clock.timestamp()
  }
}

function sameContext(a: RecordedContext, b: RecordedContext): boolean {
  return a.gaDays === b.gaDays && a.bwGrams === b.bwGrams
}
