import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { NeoGateError, type ChildHandlers } from '../../foundation'
import { createGraphBuilder, type Parameter, type Tensor } from '../../ml/graph'
import {
  buildFrom,
  entryShape,
  modelDefinition,
  modelParameters,
  type Entry,
  type ModelDefinition
} from '../../ml/models'
import {
  createEvaluator,
  readCheckpoint,
  startingState,
  train,
  writeCheckpoint,
  type TrainingOptions,
  type TrainingSet
} from '../../ml/trainer'
import { freshTensors, loadWeights, writeSafetensors } from '../../ml/weights'
import { RESEARCH_NOTICE } from '../../model-registry'
import { planeSet, pooledSet, trunkSet, type Ask } from './film-source'
import type { Scores, TrainChildEvent, TrainOutcome, TrainRequest } from './train-client'

/** Steps are told this often and at the end of an epoch; what lies between two tellings is averaged. */
const TELL_EVERY_MS = 250

/** What the child of role 'train' answers. */
export const trainWorkerHandlers = {
  async train(request: TrainRequest, { signal, emit, ask }): Promise<TrainOutcome> {
    const tell = (event: TrainChildEvent) => emit(event)
    const definition = modelDefinition(request.method)
    const options: TrainingOptions = { ...request.options, trains: () => true }
    const weights = await startingWeights(definition, request)
    const parameters = entryParameters(definition, request.entry, options.size)
    const part = new Map(parameters.map(({ name }) => [name, weights.get(name)!]))
    const begin = startingState(
      part,
      parameters.filter(({ kind }) => kind === 'weight')
    )
    const earlier = await readCheckpoint(request.checkpointFile, begin, request.run).catch(notFoundIsNull)
    const state = earlier ?? begin

    await hearMessages(signal)
    const [training, validation] = await filmsOf(definition, request, weights, { signal, ask, tell })
    tell({ type: 'started', step: state.step, epoch: state.epoch, resumed: earlier !== null })

    const checkpoint = async () => {
      await writeCheckpoint(request.checkpointFile, state, request.run)
      tell({ type: 'checkpoint', step: state.step })
    }
    const telling = createTelling(training.count, options, tell)
    let saved = state.step
    let reason: TrainOutcome['reason'] = 'epochs'
    try {
      for await (const event of train(definition, state, training, validation, options)) {
        if (event.type === 'stopped') reason = event.reason
        else if (event.type === 'step') telling.step(event)
        else tell({ ...event, step: state.step, validation: scores(event.validation) })
        if (event.type !== 'stopped' && state.step - saved >= request.checkpointSteps) {
          await checkpoint()
          saved = state.step
        }
        await hearMessages(signal)
      }
    } catch (thrown) {
      if (thrown instanceof NeoGateError && thrown.code === 'CANCELLED') await checkpoint()
      throw thrown
    }
    await checkpoint()

    const best = state.best!.weights
    await writeSafetensors(
      request.bestFile,
      new Map([...weights].map(([name, old]) => [name, best.get(name) ?? old])),
      {
        notice: RESEARCH_NOTICE,
        method: definition.id
      }
    )
    const evaluator = await createEvaluator(definition, { ...options, entry: request.entry })
    const evaluation = await evaluator.evaluate(best, validation)
    await evaluator.close()
    return {
      reason,
      epochs: state.epoch,
      steps: state.step,
      provider: options.provider,
      validation: evaluation
    }
  }
} satisfies ChildHandlers

function scores({ loss, accuracy, macroF1, macroAuroc }: Scores): Scores {
  return { loss, accuracy, macroF1, macroAuroc }
}

/** `run` blocks this process; without a pause no message would arrive between two steps. */
async function hearMessages(signal: AbortSignal): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
  if (signal.aborted) throw new NeoGateError('CANCELLED', 'The training was stopped.')
}

function notFoundIsNull(thrown: unknown): null {
  if (thrown instanceof NeoGateError && thrown.code === 'NOT_FOUND') return null
  throw thrown
}

async function startingWeights(
  definition: ModelDefinition,
  { start, options }: TrainRequest
): Promise<ReadonlyMap<string, Tensor>> {
  const parameters = modelParameters(definition)
  if (start.kind === 'fresh') return freshTensors(parameters, options.seed)
  const mayMiss =
    start.kind === 'version'
      ? { head: null, ownParts: [] }
      : { head: definition.head, ownParts: definition.ownParts, widened: definition.widened }
  return (await loadWeights(start.file, parameters, { seed: options.seed, ...mayMiss })).tensors
}

/** Parameters and buffers of the part behind an entry. */
function entryParameters(definition: ModelDefinition, entry: Entry, size: number): readonly Parameter[] {
  const g = createGraphBuilder(definition.id)
  const input = g.input('input', 'float32', [1, ...entryShape(definition, entry, size)])
  buildFrom(definition, entry, g, { input, context: g.input('context', 'float32', [1, 2]) })
  return g.parameters
}

async function filmsOf(
  definition: ModelDefinition,
  request: TrainRequest,
  weights: ReadonlyMap<string, Tensor>,
  { signal, ask, tell }: { signal: AbortSignal; ask: Ask; tell(event: TrainChildEvent): void }
): Promise<[TrainingSet, TrainingSet]> {
  const { entry, train: training, validation, options } = request
  if (entry === 'pooled') {
    const channels = entryShape(definition, 'pooled', options.size)[0]!
    return [
      await pooledSet(training, 'train', ask, channels),
      await pooledSet(validation, 'validation', ask, channels)
    ]
  }
  const planes = [planeSet(training, 'train', ask), planeSet(validation, 'validation', ask)] as const
  if (entry === 'image') return [...planes]
  let done = 0
  const total = training.ids.length + validation.ids.length
  const trunk = {
    definition,
    weights,
    size: options.size,
    provider: options.provider,
    folder: join(request.featuresFolder!, trunkKey(definition, weights, options.size)),
    async onFilm() {
      await hearMessages(signal)
      tell({ type: 'features', done: done++, total })
    }
  }
  return [await trunkSet(training, planes[0], trunk), await trunkSet(validation, planes[1], trunk)]
}

/** Names what decides the kept features, the films' preprocessing being in the folder above: two versions that share a trunk share them. */
function trunkKey(definition: ModelDefinition, weights: ReadonlyMap<string, Tensor>, size: number): string {
  const hash = createHash('sha256').update(`${definition.id} ${size}`)
  const behind = new Set(entryParameters(definition, 'trunk', size).map(({ name }) => name))
  for (const [name, { data }] of weights) {
    if (!behind.has(name))
      hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }
  return hash.digest('hex').slice(0, 32)
}

type Step = Extract<TrainChildEvent, { type: 'step' }>

/** Tells steps a few times per second, with the mean loss since the last telling, throughput and time left. */
function createTelling(
  trainingFilms: number,
  options: TrainingOptions,
  tell: (event: TrainChildEvent) => void
) {
  let since = performance.now()
  let losses: number[] = []
  let films = 0
  let perSecond: number | null = null
  let batch = options.batch
  return {
    step(event: Omit<Step, 'filmsPerSecond' | 'secondsLeft'>) {
      if (event.batch < batch) tell({ type: 'smaller-batch', batch: (batch = event.batch) })
      losses.push(event.loss)
      films += event.films
      const now = performance.now()
      const endsEpoch = event.step % event.stepsPerEpoch === 0
      const tellNow = now - since >= TELL_EVERY_MS || event.lost.length > 0 || endsEpoch
      if (!tellNow) return
      const rate = (films * 1000) / (now - since)
      perSecond = perSecond === null ? rate : 0.8 * perSecond + 0.2 * rate
      const stepsLeft = options.epochs * event.stepsPerEpoch - event.step
      const filmsPerStep = trainingFilms / event.stepsPerEpoch
      tell({
        ...event,
        loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
        filmsPerSecond: perSecond,
        secondsLeft: (stepsLeft * filmsPerStep) / perSecond
      })
      since = now
      losses = []
      films = 0
    }
  }
}
