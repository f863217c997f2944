import { z } from 'zod'
import { NeoGateError } from '../../foundation'
import { float32, type Tensor } from '../graph'
import { openSafetensors, writeSafetensors } from '../weights'
import type { TrainingState } from './training-state'

const progressSchema = z.strictObject({
  step: z.int(),
  epoch: z.int(),
  stepInEpoch: z.int(),
  running: z.strictObject({ loss: z.number(), weight: z.number(), lost: z.int() }),
  best: z.strictObject({ epoch: z.int(), loss: z.number() }).nullable()
})

const WEIGHTS = 'weights/'
const MOMENTS = 'moments/'
const BEST = 'best/'

/**
 * Writes a training state as one safetensors file; it appears whole or not at all, over the one before.
 * @param run names the run that it belongs to, so that no other goes on from it
 * @throws NeoGateError DISK_FULL; the checkpoint before is then kept
 */
export async function writeCheckpoint(file: string, state: TrainingState, run: string): Promise<void> {
  const { weights, moments, best, ...progress } = state
  const named = (prefix: string, tensors: ReadonlyMap<string, Tensor>) =>
    [...tensors].map(([name, tensor]) => [prefix + name, tensor] as const)
  const tensors = new Map([
    ...named(WEIGHTS, weights),
    ...named(MOMENTS, moments),
    ...named(BEST, best?.weights ?? new Map())
  ])
  await writeSafetensors(file, tensors, {
    notice: 'Research use only. Not for diagnosis.',
    format: 'neogate-checkpoint/1',
    run,
    progress: JSON.stringify({ ...progress, best: best && { epoch: best.epoch, loss: best.loss } })
  })
}

/**
 * @param expected the state that the run would begin with: names and shapes must be the same
 * @throws NeoGateError NOT_FOUND; WEIGHTS_REFUSED for another run's checkpoint, another method's, or a damaged one
 */
export async function readCheckpoint(
  path: string,
  expected: TrainingState,
  run: string
): Promise<TrainingState> {
  const file = await openSafetensors(path)
  try {
    const { metadata } = file
    if (metadata.run !== run) throw refused(path, 'belongs to another run.')
    const parsed = progressSchema.safeParse(parse(metadata.progress))
    if (!parsed.success) throw refused(path, 'does not say how far its run had come.')
    const read = async (prefix: string, like: ReadonlyMap<string, Tensor>) => {
      const tensors = new Map<string, Tensor>()
      for (const [name, { shape }] of like) {
        const stored = file.tensors.get(prefix + name)
        if (stored?.shape.join() !== shape.join()) {
          throw refused(path, `has no tensor '${name}' of this method's shape.`, name)
        }
        tensors.set(name, float32(shape, await file.read(prefix + name)))
      }
      return tensors
    }
    const { best, ...progress } = parsed.data
    return {
      ...progress,
      weights: await read(WEIGHTS, expected.weights),
      moments: await read(MOMENTS, expected.moments),
      best: best && { ...best, weights: await read(BEST, expected.weights) }
    }
  } finally {
    await file.close()
  }
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return null
  }
}

function refused(file: string, problem: string, field?: string): NeoGateError {
  return new NeoGateError('WEIGHTS_REFUSED', `The checkpoint ${file} ${problem}`, {
    file,
    ...(field ? { field } : {}),
    reason: 'checkpoint',
    remedy: 'Start the training again.'
  })
}
