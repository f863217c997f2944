import { createRandom, NeoGateError } from '../../foundation'
import type { ModelDefinition } from '../models'
import { adamOnHost } from '../optimizers'
import { momentName, squareName } from '../training-step'
import { createDivergenceWatch } from './divergence'
import { createGradientPass } from './gradient-pass'
import { clipGlobalNorm, globalNorm } from './gradients'
import { layerRates } from './layer-rates'
import { learningRateAt } from './schedule'
import type { TrainingOptions } from './training-options'
import type { TrainingSet } from './training-set'
import { copyOf, type TrainingState } from './training-state'
import { createEvaluator, type Evaluation } from './validation'

export type TrainingEvent =
  | {
      type: 'step'
      step: number
      epoch: number
      /** Steps that an epoch has. */
      stepsPerEpoch: number
      loss: number
      learningRate: number
      /** Before clipping. */
      gradientNorm: number
      films: number
      /** Films that could not be read and were left out of this step. */
      lost: { film: number; message: string }[]
      /** Films per pass; smaller than asked for once memory ran short. */
      batch: number
    }
  | { type: 'epoch'; epoch: number; trainingLoss: number; validation: Evaluation; best: boolean }
  | { type: 'stopped'; reason: 'epochs' | 'patience' }

/** A run in which more of an epoch's films than this cannot be read is stopped. */
const MOST_LOST = 0.05

/**
 * Trains in place of `state`, one event per optimizer step and per epoch. The caller paces it: what does not ask for
 * the next event pauses the run, and `state` is whole between any two events.
 * @throws NeoGateError MODEL_REFUSED with reason 'diverged', 'out-of-memory' or 'films-lost'; `state` is then as it was
 * before the step
 */
export async function* train(
  definition: ModelDefinition,
  state: TrainingState,
  training: TrainingSet,
  validation: TrainingSet,
  options: TrainingOptions
): AsyncGenerator<TrainingEvent> {
  const pass = await createGradientPass(definition, training, options)
  const evaluator = await createEvaluator(definition, { ...options, entry: training.entry })
  const rates = layerRates(pass.trained, options.layerDecay, [definition.head, ...definition.ownParts])
  const divergence = createDivergenceWatch(definition.classes)
  const { filmsPerStep } = options
  const stepsPerEpoch = Math.ceil(training.count / filmsPerStep)
  try {
    while (state.epoch < options.epochs && !isPatienceOver()) {
      const order = createRandom(options.seed, `order/${state.epoch}`).shuffle([
        ...Array(training.count).keys()
      ])
      const filmsOf = (step: number) => order.slice(step * filmsPerStep, (step + 1) * filmsPerStep)
      while (state.stepInEpoch < stepsPerEpoch) {
        yield await optimizerStep(filmsOf(state.stepInEpoch), filmsOf(state.stepInEpoch + 1))
      }
      yield await finishEpoch()
    }
    yield { type: 'stopped', reason: isPatienceOver() ? 'patience' : 'epochs' }
  } finally {
    await pass.close()
    await evaluator.close()
  }

  function isPatienceOver(): boolean {
    return (
      options.patience !== null && state.best !== null && state.epoch - state.best.epoch >= options.patience
    )
  }

  async function finishEpoch(): Promise<TrainingEvent> {
    const validated = await evaluator.evaluate(state.weights, validation)
    const trainingLoss = state.running.loss / state.running.weight
    state.epoch++
    state.stepInEpoch = 0
    state.running = { loss: 0, weight: 0, lost: 0 }
    const best = state.best === null || validated.loss < state.best.loss
    if (best) state.best = { epoch: state.epoch, loss: validated.loss, weights: copyOf(state.weights) }
    return { type: 'epoch', epoch: state.epoch, trainingLoss, validation: validated, best }
  }

  async function optimizerStep(films: readonly number[], ahead: readonly number[]): Promise<TrainingEvent> {
    const { loss, weight, gradients, renewed, lost } = await pass.run(
      state.weights,
      state.epoch,
      films,
      ahead
    )
    const gradientNorm = globalNorm(gradients.values())
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm) || divergence.hasDiverged(loss)) {
      throw diverged(state.step + 1)
    }
    if (state.running.lost + lost.length > MOST_LOST * training.count) {
      throw filmsLost(state.running.lost + lost.length, lost[0]!.error)
    }
    if (options.clipNorm !== null) clipGlobalNorm(gradients.values(), gradientNorm, options.clipNorm)
    state.step++
    const learningRate = learningRateAt(options.schedule, state.step)
    const values = (tensors: Map<string, { data: unknown }>, name: string) =>
      tensors.get(name)!.data as Float32Array
    for (const [name, gradient] of gradients) {
      adamOnHost(
        {
          parameter: values(state.weights, name),
          mean: values(state.moments, momentName(name)),
          square: values(state.moments, squareName(name))
        },
        gradient,
        learningRate * rates.get(name)!,
        state.step,
        options.optimizer
      )
    }
    for (const [name, tensor] of renewed) state.weights.set(name, tensor)
    state.stepInEpoch++
    state.running.loss += loss * weight
    state.running.weight += weight
    state.running.lost += lost.length
    return {
      type: 'step',
      step: state.step,
      epoch: state.epoch,
      stepsPerEpoch,
      loss,
      learningRate,
      gradientNorm,
      films: films.length,
      lost: lost.map(({ film, error }) => ({ film, message: error.message })),
      batch: pass.batch
    }
  }
}

function diverged(step: number): NeoGateError {
  return new NeoGateError('MODEL_REFUSED', `Training diverged at step ${step}: the loss ran away.`, {
    reason: 'diverged',
    remedy: 'Train again with a lower learning rate or with gradient clipping; the last checkpoint is kept.'
  })
}

function filmsLost(count: number, first: NeoGateError): NeoGateError {
  return new NeoGateError(
    'MODEL_REFUSED',
    `${count} films of one epoch could not be read; the last: ${first.message}`,
    {
      reason: 'films-lost',
      remedy: 'Make the study folder reachable again, then resume; the last checkpoint is kept.'
    }
  )
}
