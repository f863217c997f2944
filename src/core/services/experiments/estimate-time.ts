import type { z } from 'zod'
import type { timeBasis } from '../../../contract'
import { modelDefinition, multiplyAdds } from '../../ml/models'
import type { TrainingScope } from '../../../contract'
import { entryOfScope } from '../training/plan-run'
import type { ProjectSession } from '../core-context'
import { readManifest, runFiles, trainJobInput } from '../training/run-manifest'

export type TimeBasis = z.infer<typeof timeBasis>

/** How fast this machine has trained: films per second by method and size, and multiplications per second of all of them. */
export interface MeasuredSpeed {
  filmsPerSecond: ReadonlyMap<string, number>
  /** Median over runs; null before the first. */
  multiplyAddsPerSecond: number | null
}

/** A training step goes through the network forwards, and backwards at twice the cost. */
const PASSES_PER_STEP = 3
/** What two processor cores make of it, training small variants at 96 pixels. */
const TYPICAL_PER_SECOND = 6e9
/** Runs that are looked at, newest first, and entries at the end of each. */
const RUNS = 20
const ENTRIES = 40
/** Beside the network: reading films, controls, resampling. */
const EVALUATION_SECONDS = 15

const key = (method: string, size: number) => `${method} ${size}`

export async function measuredSpeed({ jobs, trainingLog, folder }: ProjectSession): Promise<MeasuredSpeed> {
  const filmsPerSecond = new Map<string, number>()
  const perSecond: number[] = []
  const runs = (await jobs.list()).filter(({ kind }) => kind === 'train').slice(0, RUNS)
  for (const { id } of runs) {
    const steps = (await trainingLog.newest(id, ENTRIES)).flatMap(({ event }) =>
      event.type === 'step' ? [event.filmsPerSecond] : []
    )
    if (steps.length === 0) continue
    const { run } = trainJobInput.parse(await jobs.input(id))
    // A run whose description is gone or damaged says nothing of speed, and is told of elsewhere.
    const manifest = await readManifest(runFiles(folder, run)).catch(() => null)
    if (manifest?.plan.scope !== 'all') continue
    const { method, size } = manifest.plan
    const speed = median(steps)
    if (!filmsPerSecond.has(key(method, size))) filmsPerSecond.set(key(method, size), speed)
    perSecond.push(speed * PASSES_PER_STEP * multiplyAdds(modelDefinition(method), size))
  }
  return { filmsPerSecond, multiplyAddsPerSecond: perSecond.length > 0 ? median(perSecond) : null }
}

/**
 * Seconds to train a method to its last epoch and to evaluate it; an evaluation alone where `epochs` is 0. Less than the whole network is
 * trained on features that are made first, once for each film.
 */
export function estimateSeconds(
  { filmsPerSecond, multiplyAddsPerSecond }: MeasuredSpeed,
  method: string,
  {
    size,
    scope,
    epochs,
    films
  }: {
    size: number
    scope: TrainingScope
    epochs: number
    films: { train: number; validation: number }
  }
): { seconds: number; basis: TimeBasis } {
  const measured = filmsPerSecond.get(key(method, size))
  const definition = modelDefinition(method)
  const work = multiplyAdds(definition, size)
  const entry = entryOfScope(definition, scope)
  /** Of the whole network's work, that behind the kept features. */
  const share = scope === 'all' || entry === null ? 1 : multiplyAdds(definition, size, entry) / work
  const speed = measured ?? (multiplyAddsPerSecond ?? TYPICAL_PER_SECOND) / (PASSES_PER_STEP * work)
  const features = share < 1 && epochs > 0 ? films.train + films.validation : 0
  const passes =
    share * (epochs * films.train + (epochs * films.validation) / PASSES_PER_STEP) +
    (features + films.validation) / PASSES_PER_STEP
  return {
    seconds: Math.round(passes / speed + EVALUATION_SECONDS),
    basis: measured !== undefined ? 'same' : multiplyAddsPerSecond !== null ? 'scaled' : 'typical'
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}
