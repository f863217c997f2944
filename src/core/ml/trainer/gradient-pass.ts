import { createRandom, NeoGateError, toError } from '../../foundation'
import { float32, toOnnx, type Parameter, type Tensor } from '../graph'
import { entryShape, type ModelDefinition } from '../models'
import { createSession } from '../runtime'
import { gradientName, nextName, trainingStep } from '../training-step'
import { branchFactors } from './branch-factors'
import { addUp } from './gradients'
import { layOut, type Batch, type TrainingSet } from './training-set'
import type { TrainingOptions } from './training-options'

export interface StepGradients {
  loss: number
  /** Sum of the class weights that the loss was divided by. */
  weight: number
  /** By parameter name. */
  gradients: Map<string, Float32Array>
  /** Running statistics after the step, by buffer name. */
  renewed: Map<string, Tensor>
  lost: Batch['lost']
}

export interface GradientPass {
  readonly trained: readonly Parameter[]
  /** Films that go through the graph at once; falls when memory is short. */
  readonly batch: number
  /**
   * Gradients of the mean loss over the films of one optimizer step, in as many passes as the batch needs; while one
   * is computed, the films of the next (at last those of `ahead`) are read.
   */
  run(
    weights: ReadonlyMap<string, Tensor>,
    epoch: number,
    films: readonly number[],
    ahead: readonly number[]
  ): Promise<StepGradients>
  close(): Promise<void>
}

/** The forward and backward session of a run. Without memory for its batch it goes on with half of it. */
export async function createGradientPass(
  definition: ModelDefinition,
  set: TrainingSet,
  options: TrainingOptions
): Promise<GradientPass> {
  const { classWeights, augmentation, distillation } = options
  const shape = entryShape(definition, set.entry, options.size)
  const { classes } = definition
  let batch = options.batch
  let current = await prepare(batch)
  let ahead: { key: string; batch: Promise<Batch> } | null = null

  // Behind the pooling a pass takes less than a millisecond: threads would wait for each other longer than they work.
  async function prepare(size: number) {
    const step = trainingStep(definition, {
      ...options,
      entry: set.entry,
      batch: size,
      stochasticDepth: true,
      optimizer: null
    })
    const session = await createSession(toOnnx(step.graph), options.provider, {
      backward: true,
      ...(set.entry === 'pooled' ? { threads: 1 } : {})
    })
    return { ...step, session }
  }

  const keyOf = (epoch: number, films: readonly number[]) => `${epoch}/${batch}: ${films.join()}`

  /** Inputs that a pass is done with: made anew each time they would keep the garbage collector busy. */
  const spare: Float32Array[] = []

  function laidOut(epoch: number, films: readonly number[]): Promise<Batch> {
    const random = createRandom(options.seed, `augment/${epoch}`)
    const memory = spare.pop()
    return layOut(set, films, {
      ...(memory ? { memory } : {}),
      batch,
      shape,
      classes,
      classWeights,
      distillation,
      augmentation: augmentation && { options: augmentation, random: film => random.fork(`${film}`) }
    })
  }

  function take(epoch: number, films: readonly number[]): Promise<Batch> {
    const ready = ahead?.key === keyOf(epoch, films) ? ahead.batch : laidOut(epoch, films)
    ahead = null
    return ready
  }

  function readAhead(epoch: number, films: readonly number[]): void {
    if (films.length === 0) return
    const batchAhead = laidOut(epoch, films)
    // Awaited when its turn comes; without this a failure before that would count as unhandled.
    batchAhead.catch(() => {})
    ahead = { key: keyOf(epoch, films), batch: batchAhead }
  }

  async function passes(
    weights: ReadonlyMap<string, Tensor>,
    epoch: number,
    films: readonly number[],
    next: readonly number[]
  ): Promise<StepGradients> {
    const weight = films.reduce((sum, film) => sum + classWeights[set.label(film)]!, 0)
    const renewed = new Map<string, Tensor>()
    const parts: Record<string, Tensor>[] = []
    const lost: Batch['lost'] = []
    for (let start = 0; start < films.length; start += batch) {
      const together = films.slice(start, start + batch)
      const laid = await take(epoch, together)
      lost.push(...laid.lost)
      const following = films.slice(start + batch, start + 2 * batch)
      readAhead(epoch, following.length > 0 ? following : next.slice(0, batch))
      const outputs = await current.session.run({
        input: laid.input,
        context: laid.context,
        targets: laid.targets,
        classWeights: float32([classes], classWeights),
        normaliser: float32([], [weight]),
        ...branchFactors(current.branches, { seed: options.seed, epoch, films: together, batch }),
        ...Object.fromEntries(
          current.graph.parameters.map(({ name }) => [name, renewed.get(name) ?? weights.get(name)!])
        )
      })
      for (const name of current.renewed) renewed.set(name, outputs[nextName(name)]!)
      parts.push(outputs)
      spare.push(laid.input.data as Float32Array)
    }
    return {
      loss: parts.reduce((sum, outputs) => sum + Number(outputs.loss!.data[0]), 0),
      weight,
      gradients: new Map(
        current.trained.map(({ name }) => [
          name,
          addUp(parts.map(outputs => outputs[gradientName(name)]!.data as Float32Array))
        ])
      ),
      renewed,
      lost
    }
  }

  return {
    get trained() {
      return current.trained
    },
    get batch() {
      return batch
    },
    async run(weights, epoch, films, next) {
      for (;;) {
        try {
          return await passes(weights, epoch, films, next)
        } catch (thrown) {
          if (!isOutOfMemory(thrown)) throw thrown
          if (batch === 1) throw outOfMemory()
          batch = Math.floor(batch / 2)
          ahead = null
          spare.length = 0
          await current.session.close()
          current = await prepare(batch)
        }
      }
    },
    close: () => current.session.close()
  }
}

/** What the providers say when an allocation fails (ONNX Runtime's arena, CUDA, Direct3D, WebGPU, C++). */
const ALLOCATION_FAILED = /failed to allocate|bad_?alloc|out of memory|not enough memory|allocation failed/i

function isOutOfMemory(thrown: unknown): boolean {
  return ALLOCATION_FAILED.test(toError(thrown).message)
}

function outOfMemory(): NeoGateError {
  return new NeoGateError(
    'MODEL_REFUSED',
    'There is not enough memory to train on a single film at a time.',
    {
      reason: 'out-of-memory',
      remedy: 'Close other programs, train on smaller images, or train the head or the last stage only.'
    }
  )
}
