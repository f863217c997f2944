import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EvaluationControl } from '../../../contract'
import { DIAGNOSES } from '../../domain'
import { createRandom } from '../../foundation'
import { fitFeatureClassifier, type ClassifierKind } from '../../ml/evaluation'
import { modelDefinition } from '../../ml/models'
import type { FilmRow } from '../../study-store'
import type { CoreContext, ProjectSession } from '../core-context'
import { filmWorker } from '../film-worker'
import type { OpenModel } from '../inference'
import { featureKin, pooledFeatures } from '../inherited-features'
import { gateInput, type RecordedContext } from '../predictions'
import { classIndex } from './evaluated-films'

/** What stands in for the model on the same films. */
export interface ControlAnswers {
  control: EvaluationControl
  fittedOn: number | null
  crossFitted: boolean
  /** Row-major [N, classes]. */
  logits: Float32Array
}

interface Asked {
  core: CoreContext
  session: ProjectSession
  model: OpenModel
  /** The set's films. */
  rows: readonly FilmRow[]
  /** The training side of the set's split; null: there is none, so that what is fitted is fitted across the set in folds. */
  training: readonly FilmRow[] | null
  seed: number
  signal: AbortSignal
  progress(done: number, total: number): void
}

const FOLDS = 5
/** Films between two turns of the event loop. */
const AT_ONCE = 64

/** A control's answers; null where it says nothing about this method, which does not look at what is taken away. */
export async function answerControl(
  control: EvaluationControl,
  asked: Asked
): Promise<ControlAnswers | null> {
  const definition = modelDefinition(asked.model.card.method)
  switch (control) {
    case 'context-logistic':
      return fitted(control, 'logistic', contextFeatures, asked)
    case 'context-mlp':
      return fitted(control, 'mlp', contextFeatures, asked)
    case 'age-mlp':
      return fitted(control, 'mlp', ageFeatures, asked)
    case 'shuffled-context':
      if (definition.context === 'none') return null
      return { control, fittedOn: null, crossFitted: false, logits: await shuffledContext(asked) }
    case 'blank-image':
      if (definition.backbone === null) return null
      return { control, fittedOn: null, crossFitted: false, logits: await blankImage(asked) }
  }
}

interface Features {
  width: number
  of(row: FilmRow): number[]
}
const contextFeatures: Features = { width: 2, of: ({ gaDays, bwGrams }) => [gaDays ?? NaN, bwGrams ?? NaN] }
/** Age spans hours to months: its logarithm. */
const ageFeatures: Features = {
  width: 1,
  of: ({ ageHours }) => [ageHours === null ? NaN : Math.log1p(Math.max(0, ageHours))]
}

/** Fits on the training side; without one, in folds of whole infants of the set itself. */
async function fitted(
  control: EvaluationControl,
  kind: ClassifierKind,
  features: Features,
  { rows, training, seed, signal }: Asked
): Promise<ControlAnswers> {
  const logits = new Float32Array(rows.length * DIAGNOSES.length)
  const answer = async (learn: readonly FilmRow[], places: readonly number[]) => {
    const classifier = await fit(kind, features, learn, seed, signal)
    const answers = classifier.logits(
      table(
        features,
        places.map(place => rows[place]!)
      )
    )
    places.forEach((place, i) => {
      const row = answers.subarray(i * DIAGNOSES.length, (i + 1) * DIAGNOSES.length)
      logits.set(row, place * DIAGNOSES.length)
    })
  }
  if (training) {
    await answer(training, [...rows.keys()])
    return { control, fittedOn: training.length, crossFitted: false, logits }
  }
  const infants = [...new Set(rows.map(({ patientId }) => patientId))].sort()
  const fold = new Map(
    createRandom(seed, 'control-folds')
      .shuffle(infants)
      .map((infant, i) => [infant, i % FOLDS])
  )
  for (let held = 0; held < FOLDS; held++) {
    const inside = [...rows.keys()].filter(place => fold.get(rows[place]!.patientId) === held)
    const outside = rows.filter(row => fold.get(row.patientId) !== held)
    if (inside.length > 0) await answer(outside, inside)
  }
  return { control, fittedOn: rows.length, crossFitted: true, logits }
}

async function fit(
  kind: ClassifierKind,
  features: Features,
  learn: readonly FilmRow[],
  seed: number,
  signal: AbortSignal
) {
  const data = {
    features: table(features, learn),
    width: features.width,
    truth: Uint8Array.from(learn, row => classIndex(row.label!)),
    classes: DIAGNOSES.length
  }
  const steps = fitFeatureClassifier(kind, data, seed)
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    signal.throwIfAborted()
    await nextTurn()
  }
}

function table({ of }: Features, rows: readonly FilmRow[]): Float64Array {
  return Float64Array.from(rows.flatMap(of))
}

/** Each infant is given another's GA and BW, the same one for all of its films. */
async function shuffledContext(asked: Asked): Promise<Float32Array> {
  const contexts = new Map(
    asked.rows.map(({ patientId, gaDays, bwGrams }) => [patientId, { gaDays, bwGrams }])
  )
  const infants = [...contexts.keys()].sort()
  const others = createRandom(asked.seed, 'shuffled-context').shuffle(infants)
  const swapped = new Map(infants.map((infant, i) => [infant, contexts.get(others[i]!)!]))
  return answersWith(asked, row => ({ context: swapped.get(row.patientId)!, image: 'own' }))
}

/** A black film, which is what the letterbox is filled with, with the infant's own GA and BW. */
function blankImage(asked: Asked): Promise<Float32Array> {
  return answersWith(asked, row => ({ context: row, image: 'blank' }))
}

/**
 * The model's answers with other inputs than the recorded ones. Where GA and BW enter behind the pooled features these are taken
 * from storage, and the answer is exact; otherwise the network runs.
 */
async function answersWith(
  { core, session, model, rows, signal, progress }: Asked,
  input: (row: FilmRow) => { context: RecordedContext; image: 'own' | 'blank' }
): Promise<Float32Array> {
  const classes = DIAGNOSES.length
  const logits = new Float32Array(rows.length * classes)
  const blank = new Float32Array(model.card.size ** 2)
  const kin = await featureKin(core, model)
  const batchSize = model.head ? AT_ONCE : await core.inference.filmsPerCall(model)
  let blankPooled: Float32Array | null = null
  for (let from = 0; from < rows.length; from += batchSize) {
    signal.throwIfAborted()
    const batch = rows.slice(from, from + batchSize)
    const answers = model.head ? await fromHead(batch) : await fromNetwork(batch)
    answers.forEach((answer, i) => logits.set(answer, (from + i) * classes))
    progress(from + batch.length, rows.length)
    await nextTurn()
  }
  return logits

  async function fromHead(batch: readonly FilmRow[]): Promise<Float32Array[]> {
    return Promise.all(
      batch.map(async row => {
        const { context, image } = input(row)
        const pooled =
          image === 'blank' ? await pooledOfBlank() : await pooledFeatures(session.studies, kin, row.id)
        const { gaDays, bwGrams } = gateInput(model, context)
        if (pooled) return model.head!.logits(pooled, gaDays, bwGrams)
        return (await fromNetwork([row]))[0]!
      })
    )
  }

  async function fromNetwork(batch: readonly FilmRow[]): Promise<Float32Array[]> {
    const films = await Promise.all(
      batch.map(async row => {
        const { context, image } = input(row)
        const { gaDays, bwGrams } = gateInput(model, context)
        return { plane: image === 'blank' ? blank : await planeOf(row.id), gaDays, bwGrams }
      })
    )
    const { outputs } = await core.inference.predict(model, films, null, { signal })
    return outputs.map(output => output.logits)
  }

  async function planeOf(filmId: string): Promise<Float32Array> {
    const file = await session.studies.filePath(filmId)
    return (await filmWorker(core.films).modelInput(file, model.card.size, { signal })).plane
  }

  async function pooledOfBlank(): Promise<Float32Array> {
    blankPooled ??= await (async () => {
      const { gaDays, bwGrams } = gateInput(model, { gaDays: null, bwGrams: null })
      const film = { plane: blank, gaDays, bwGrams }
      const { outputs } = await core.inference.predict(model, [film], null, { signal })
      return outputs[0]!.ofImage!.pooled
    })()
    return blankPooled
  }
}
