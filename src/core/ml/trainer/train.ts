import { createRandom, NeoGateError } from '../../foundation'
import { augment, type AugmentationOptions } from '../augmentation'
import { float32, toOnnx, type Tensor } from '../graph'
import type { ModelDefinition } from '../models'
import { adamOnHost, type AdamOptions } from '../optimizers'
import { createSession, type Provider, type Session } from '../runtime'
import { gradientName, momentName, nextName, squareName, trainingStep } from '../training-step'
import { learningRateAt, type LearningRateSchedule } from './schedule'
import { layOut, type TrainingSet } from './training-set'
import { copyOf, type TrainingState } from './training-state'
import { createEvaluator, type Evaluation } from './validation'

export interface TrainingOptions {
  /** Films per pass through the graph. */
  batch: number
  /** Passes whose gradients are added up before an update: the effective batch is batch * accumulate. */
  accumulate: number
  epochs: number
  /** Epochs without a lower validation loss after which training stops; null: never. */
  patience: number | null
  schedule: LearningRateSchedule
  optimizer: AdamOptions
  /** Which parameters learn, by name. */
  trains(name: string): boolean
  batchNorm: 'frozen' | 'batch'
  labelSmoothing: number
  classWeights: readonly number[]
  augmentation: AugmentationOptions | null
  seed: number
  provider: Provider
}

export type TrainingEvent =
  | {
      type: 'step'
      step: number
      epoch: number
      loss: number
      learningRate: number
      gradientNorm: number
      films: number
    }
  | { type: 'epoch'; epoch: number; trainingLoss: number; validation: Evaluation; best: boolean }
  | { type: 'stopped'; reason: 'epochs' | 'patience' }

/**
 * Trains in place of `state`, one event per optimizer step and per epoch. The caller paces it: what does not ask for
 * the next event pauses the run, and `state` is whole between any two events.
 * @throws NeoGateError MODEL_REFUSED with reason 'diverged' when loss or gradients are no longer numbers; `state` is
 * then as it was before the step
 */
export async function* train(
  definition: ModelDefinition,
  state: TrainingState,
  training: TrainingSet,
  validation: TrainingSet,
  options: TrainingOptions
): AsyncGenerator<TrainingEvent> {
  const { graph, trained, renewed } = trainingStep(definition, {
    ...options,
    size: training.size,
    optimizer: null
  })
  const session = await createSession(toOnnx(graph), options.provider)
  const evaluator = await createEvaluator(definition, { ...options, size: training.size })
  try {
    let waited = state.best ? state.epoch - state.best.epoch : 0
    while (state.epoch < options.epochs) {
      const order = createRandom(options.seed, `order/${state.epoch}`).shuffle([
        ...Array(training.count).keys()
      ])
      const perStep = options.batch * options.accumulate
      for (let start = state.stepInEpoch * perStep; start < order.length; start += perStep) {
        yield await optimizerStep(order.slice(start, start + perStep))
      }
      const trainingLoss = state.running.loss / state.running.weight
      state.epoch++
      state.stepInEpoch = 0
      state.running = { loss: 0, weight: 0 }
      const result = await evaluator.evaluate(state.weights, validation)
      const best = state.best === null || result.loss < state.best.loss
      if (best) state.best = { epoch: state.epoch, loss: result.loss, weights: copyOf(state.weights) }
      waited = best ? 0 : waited + 1
      yield { type: 'epoch', epoch: state.epoch, trainingLoss, validation: result, best }
      if (options.patience !== null && waited >= options.patience) {
        yield { type: 'stopped', reason: 'patience' }
        return
      }
    }
    yield { type: 'stopped', reason: 'epochs' }
  } finally {
    await session.close()
    await evaluator.close()
  }

  async function optimizerStep(films: readonly number[]): Promise<TrainingEvent> {
    const weight = films.reduce((sum, film) => sum + options.classWeights[training.label(film)]!, 0)
    const passes = await runPasses(session, films, weight)
    const loss = passes.reduce((sum, outputs) => sum + Number(outputs.loss!.data[0]), 0)
    const gradients = new Map(
      trained.map(({ name }) => [name, addUp(passes.map(outputs => outputs[gradientName(name)]!))])
    )
    const gradientNorm = Math.sqrt(
      [...gradients.values()].reduce((sum, gradient) => sum + squareSum(gradient), 0)
    )
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      throw new NeoGateError(
        'MODEL_REFUSED',
        `Training diverged at step ${state.step + 1}: the loss is no longer a number.`,
        {
          reason: 'diverged',
          remedy: 'Train again with a lower learning rate; the last checkpoint is kept.'
        }
      )
    }
    state.step++
    const learningRate = learningRateAt(options.schedule, state.step)
    for (const { name } of trained) {
      const moments = {
        mean: state.moments.get(momentName(name))!,
        square: state.moments.get(squareName(name))!
      }
      adamOnHost(
        {
          parameter: state.weights.get(name)!.data as Float32Array,
          mean: moments.mean.data as Float32Array,
          square: moments.square.data as Float32Array
        },
        gradients.get(name)!,
        learningRate,
        state.step,
        options.optimizer
      )
    }
    for (const name of renewed) state.weights.set(name, passes.at(-1)![nextName(name)]!)
    state.stepInEpoch++
    state.running.loss += loss * weight
    state.running.weight += weight
    return {
      type: 'step',
      step: state.step,
      epoch: state.epoch,
      loss,
      learningRate,
      gradientNorm,
      films: films.length
    }
  }

  async function runPasses(
    on: Session,
    films: readonly number[],
    weight: number
  ): Promise<Record<string, Tensor>[]> {
    const outputs: Record<string, Tensor>[] = []
    const { classes } = definition
    for (let start = 0; start < films.length; start += options.batch) {
      const random = createRandom(options.seed, `augment/${state.epoch}`)
      const laidOut = await layOut(
        training,
        films.slice(start, start + options.batch),
        { batch: options.batch, classes, classWeights: options.classWeights },
        (plane, film) =>
          options.augmentation
            ? augment(plane, training.size, options.augmentation, random.fork(`${film}`))
            : plane
      )
      const current = new Map(state.weights)
      if (outputs.length > 0) for (const name of renewed) current.set(name, outputs.at(-1)![nextName(name)]!)
      outputs.push(
        await on.run({
          image: laidOut.image,
          context: laidOut.context,
          targets: laidOut.targets,
          classWeights: float32([classes], options.classWeights),
          normaliser: float32([], [weight]),
          ...Object.fromEntries(graph.parameters.map(({ name }) => [name, current.get(name)!]))
        })
      )
    }
    return outputs
  }
}

function addUp(parts: readonly Tensor[]): Float32Array {
  const sum = parts[0]!.data as Float32Array
  for (const { data } of parts.slice(1))
    for (let i = 0; i < sum.length; i++) sum[i]! += (data as Float32Array)[i]!
  return sum
}

function squareSum(values: Float32Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!
  return sum
}
