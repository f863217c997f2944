import type { Evaluation, EvaluationComparison } from '../../../contract'
import { NeoGateError } from '../../foundation'
import { createStatistics, predictedClasses, subset } from '../../ml/evaluation'
import type { ProjectSession } from '../core-context'
import { bootstrapInTurns } from './compute-evaluation'

const RESAMPLES = 2000
const SEED = 1

/**
 * Two evaluations on the films of both whose label is the same in both; differences come from the same resamples of infants.
 * @throws NeoGateError NOT_FOUND; INVALID_INPUT where they have too few films in common
 */
export async function compareEvaluations(
  { evaluations }: Pick<ProjectSession, 'evaluations'>,
  ids: { a: string; b: string },
  signal: AbortSignal | undefined
): Promise<EvaluationComparison> {
  const [a, b] = [await evaluations.get(ids.a), await evaluations.get(ids.b)]
  const [filmsA, filmsB] = [await evaluations.films(ids.a), await evaluations.films(ids.b)]
  const placeInB = new Map(filmsB.filmIds.map((id, place) => [id, place]))
  const places = filmsA.filmIds.flatMap((id, inA): [number, number][] => {
    const inB = placeInB.get(id)
    return inB !== undefined && filmsB.truth[inB] === filmsA.truth[inA] ? [[inA, inB]] : []
  })
  if (places.length < 2) {
    throw new NeoGateError('INVALID_INPUT', `The two evaluations have ${places.length} films in common.`, {
      field: 'b',
      reason: 'no-common-films',
      remedy: 'Evaluate both versions on the same set.'
    })
  }
  // The first one's infants serve both, so that the resamples are the same.
  const casesA = subset(
    filmsA,
    places.map(([inA]) => inA)
  )
  const casesB = {
    ...subset(
      filmsB,
      places.map(([, inB]) => inB)
    ),
    infants: casesA.infants
  }
  const { figures, differences } = await bootstrapInTurns(
    casesA.infants,
    [scaledBy(casesA, a), scaledBy(casesB, b)],
    { resamples: RESAMPLES, seed: SEED, signal: signal ?? new AbortController().signal, progress: () => {} }
  )
  const [answersA, answersB] = [predictedClasses(casesA), predictedClasses(casesB)]
  const agreement = { bothRight: 0, onlyARight: 0, onlyBRight: 0, bothWrong: 0 }
  casesA.truth.forEach((label, film) => {
    const [rightA, rightB] = [answersA[film] === label, answersB[film] === label]
    agreement[rightA ? (rightB ? 'bothRight' : 'onlyARight') : rightB ? 'onlyBRight' : 'bothWrong']++
  })
  const own = (model: 0 | 1) => ({ overall: figures[model]!.overall, perClass: figures[model]!.perClass })
  return {
    a: a.summary,
    b: b.summary,
    films: places.length,
    infants: new Set(casesA.infants).size,
    resamples: RESAMPLES,
    figures: { a: own(0), b: own(1), difference: differences[1]! },
    agreement
  }
}

function scaledBy(cases: Parameters<typeof createStatistics>[0], { calibration }: Evaluation) {
  return createStatistics(cases, { calibration, groupings: [], detail: false })
}
