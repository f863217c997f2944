import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ModelComparison } from '../../contract'
import { DIAGNOSES } from '../domain'
import { accuracy, macroF1, percentileInterval, resampleClusters } from '../ml/metrics'

/** A film that both versions have predicted, with what is known of it. Classes are places in DIAGNOSES. */
export interface ComparedFilm {
  patientId: string
  a: number
  b: number
  label: number | null
}

const RESAMPLES = 1000
const SEED = 1
const LEVEL = 0.95
/** The bootstrap lets other work in after this long. */
const TURN_MS = 15

type Statistics = Record<ModelComparison['metrics'][number]['name'], number | null>

/**
 * Both versions' results on the same labelled films. The interval of each difference comes from resampling infants, since
 * films of one infant are not independent; both versions are judged on the same resample (paired).
 */
export async function compareMetrics(
  films: readonly ComparedFilm[]
): Promise<Pick<ModelComparison, 'metrics' | 'resamples'>> {
  const labelled = films.filter(film => film.label !== null)
  const codes = Uint8Array.from(labelled, film => (film.label! * CLASSES + film.a) * CLASSES + film.b)
  const patients = labelled.map(film => film.patientId)
  const [a, b] = statistics(codes, Int32Array.from(codes.keys()))

  const differences: Record<keyof Statistics, number[]> = { accuracy: [], macroF1: [] }
  let turn = performance.now()
  for (const cases of resampleClusters(patients, { resamples: RESAMPLES, seed: SEED })) {
    const [drawnA, drawnB] = statistics(codes, cases)
    for (const name of NAMES) {
      const difference = minus(drawnB[name], drawnA[name])
      if (difference !== null) differences[name].push(difference)
    }
    if (performance.now() - turn < TURN_MS) continue
    await nextTurn()
    turn = performance.now()
  }
  return {
    resamples: RESAMPLES,
    metrics: NAMES.map(name => {
      const estimate = minus(b[name], a[name])
      const bounds = percentileInterval(differences[name], LEVEL)
      const difference = estimate === null || bounds === null ? null : { estimate, ...bounds }
      return { name, a: a[name], b: b[name], difference }
    })
  }
}

const NAMES = ['accuracy', 'macroF1'] as const
const CLASSES = DIAGNOSES.length

/** Statistics of both versions. Each film's label and two answers are one number, so that one pass counts them all. */
function statistics(codes: Uint8Array, cases: Int32Array): [Statistics, Statistics] {
  const counts = new Uint32Array(CLASSES ** 3)
  for (let i = 0; i < cases.length; i++) counts[codes[cases[i]!]!]!++
  const matrices = [0, 1].map(() => DIAGNOSES.map(() => new Array<number>(CLASSES).fill(0)))
  counts.forEach((count, code) => {
    const [label, a, b] = [
      Math.floor(code / CLASSES ** 2),
      Math.floor(code / CLASSES) % CLASSES,
      code % CLASSES
    ]
    matrices[0]![label]![a]! += count
    matrices[1]![label]![b]! += count
  })
  const [a, b] = matrices.map(matrix => ({ accuracy: accuracy(matrix), macroF1: macroF1(matrix) }))
  return [a!, b!]
}

function minus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b
}

/** How often the two say the same, and which of them is right where there is a label. */
export function countAgreement(films: readonly ComparedFilm[]): ModelComparison['agreement'] {
  const counts = { same: 0, changed: 0, bothRight: 0, onlyARight: 0, onlyBRight: 0, bothWrong: 0 }
  for (const { a, b, label } of films) {
    counts[a === b ? 'same' : 'changed']++
    if (label === null) continue
    const right = [a === label, b === label]
    if (right[0] && right[1]) counts.bothRight++
    else if (right[0]) counts.onlyARight++
    else if (right[1]) counts.onlyBRight++
    else counts.bothWrong++
  }
  return counts
}
