import { DIAGNOSES, type TrainingEvent, type TrainingOptions } from '../../src/contract'
import { clusterBootstrap, macroAuroc, type Interval } from '../../src/core/ml/metrics'
import type { DemoStudy } from './demo-study'

export interface Comparison {
  seed: number
  /** macro-AUROC on the test films, by method. */
  macroAuroc: Record<string, number | null>
  /** Of the first method less each other one, on the same films, infants resampled. */
  difference: Record<string, Interval | null>
}

/**
 * Trains each method on the same films with the same seed, and holds the first against each of the others on the test
 * films, against what was drawn (not against the ward's table, which has mistakes).
 */
export async function compareMethods(
  study: DemoStudy,
  methods: readonly [string, ...string[]],
  options: Omit<TrainingOptions, 'method' | 'seed'>,
  {
    seed,
    resamples,
    onEvent
  }: { seed: number; resamples: number; onEvent?: (method: string, event: TrainingEvent) => void }
): Promise<Comparison> {
  const truth = study.testFilms.map(film => DIAGNOSES.indexOf(film.truth))
  const infants = study.testFilms.map(({ patientId }) => patientId)
  const probabilities = new Map<string, Float32Array>()
  for (const method of methods) {
    const modelId = await study.train({ ...options, method, seed }, event => onEvent?.(method, event))
    const rows: number[] = []
    for (const film of study.testFilms) rows.push(...(await study.predict(film, modelId)).probabilities)
    probabilities.set(method, Float32Array.from(rows))
  }

  const score = (method: string, films: Int32Array): number | null => {
    const all = probabilities.get(method)!
    const picked = new Float32Array(films.length * DIAGNOSES.length)
    films.forEach((film, i) => {
      picked.set(all.subarray(film * DIAGNOSES.length, (film + 1) * DIAGNOSES.length), i * DIAGNOSES.length)
    })
    return macroAuroc(
      Array.from(films, film => truth[film]!),
      picked,
      DIAGNOSES.length
    )
  }
  const everyFilm = Int32Array.from(truth.keys())
  const [first, ...others] = methods
  const difference = (other: string) =>
    clusterBootstrap(
      infants,
      films => {
        const [a, b] = [score(first, films), score(other, films)]
        return a === null || b === null ? null : a - b
      },
      { resamples, seed: 1 }
    )
  return {
    seed,
    macroAuroc: Object.fromEntries(methods.map(method => [method, score(method, everyFilm)])),
    difference: Object.fromEntries(others.map(other => [other, difference(other)]))
  }
}
