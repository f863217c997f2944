import type { ClassDifferences, Evaluation, ExperimentPart, ExperimentResult } from '../../../contract'
import { DIAGNOSES } from '../../domain'
import { NeoGateError } from '../../foundation'
import {
  createStatistics,
  meanStatistics,
  standardDeviation,
  subset,
  type Cases,
  type Statistics
} from '../../ml/evaluation'
import { countParameters, modelDefinition } from '../../ml/models'
import type { ProjectSession } from '../core-context'
import { bootstrapInTurns } from '../evaluation/compute-evaluation'
import type { EvaluatedFilms } from '../evaluation/evaluation-store'

type Evaluated = Pick<ProjectSession, 'evaluations'>
type Parts = readonly Pick<ExperimentPart, 'method' | 'evaluationId'>[]

const SEED = 1

interface Work {
  resamples: number
  signal: AbortSignal
  progress(done: number, total: number): void
}

/** The paper's Table 1: every method's mean over its seeds on the films that all have in common, and less the reference. */
export async function tabulate(
  { evaluations }: Evaluated,
  parts: Parts,
  work: Work
): Promise<ExperimentResult> {
  const set = await commonFilms({ evaluations }, parts)
  const methods = [...new Set(set.runs.map(({ method }) => method))]
  const reference =
    methods.find(method => method === 'ccgn') ??
    methods.find(method => method === 'ccgn-small') ??
    methods.at(-1)!
  const order = [reference, ...methods.filter(method => method !== reference)]
  const { figures, differences } = await bootstrapInTurns(
    set.infants,
    order.map(method => meanOf(set, method)),
    { ...work, seed: SEED }
  )
  return {
    films: set.infants.length,
    infants: new Set(set.infants).size,
    setHash: set.setHash,
    sameSet: set.sameSet,
    resamples: work.resamples,
    seed: SEED,
    reference,
    methods: methods.map(method => {
      const place = order.indexOf(method)
      const { overall, perClass } = figures[place]!
      return {
        method,
        runs: set.runs.filter(run => run.method === method).length,
        parameters: countParameters(modelDefinition(method)),
        overall,
        perClass,
        spread: spreadOf(set, method),
        difference: differences[place]!
      }
    })
  }
}

/** The paper's Table 2: F1 of each class of two methods. @throws NeoGateError NOT_FOUND for a method without a run */
export async function tabulateClasses(
  { evaluations }: Evaluated,
  parts: Parts,
  { a, b }: { a: string; b: string },
  work: Work
): Promise<ClassDifferences> {
  for (const method of [a, b]) {
    if (parts.some(part => part.method === method && part.evaluationId !== null)) continue
    throw new NeoGateError('NOT_FOUND', `The experiment has no finished run of '${method}'.`, {
      field: 'method',
      remedy: `Choose two of: ${[...new Set(parts.map(part => part.method))].join(', ')}.`
    })
  }
  const set = await commonFilms({ evaluations }, parts)
  const { figures, differences } = await bootstrapInTurns(set.infants, [meanOf(set, a), meanOf(set, b)], {
    ...work,
    seed: SEED
  })
  const of = (read: (figures: (typeof differences)[number]) => ClassDifferences['macroF1']['a']) => ({
    a: read(figures[0]!),
    b: read(figures[1]!),
    difference: read(differences[1]!)
  })
  return {
    a,
    b,
    films: set.infants.length,
    infants: new Set(set.infants).size,
    resamples: work.resamples,
    classes: DIAGNOSES.map((diagnosis, k) => ({ diagnosis, ...of(({ perClass }) => perClass[k]!.f1) })),
    macroF1: of(({ overall }) => overall.macroF1),
    weightedF1: of(({ overall }) => overall.weightedF1)
  }
}

interface CommonFilms {
  runs: { method: string; statistics: Statistics }[]
  infants: Int32Array
  setHash: string
  sameSet: boolean
}

/** The films that every evaluation has with one label; numbered by infant as in the first. */
async function commonFilms({ evaluations }: Evaluated, parts: Parts): Promise<CommonFilms> {
  const loaded: { method: string; evaluation: Evaluation; films: EvaluatedFilms }[] = []
  for (const { method, evaluationId } of parts) {
    if (evaluationId === null) continue
    const [evaluation, films] = [await evaluations.get(evaluationId), await evaluations.films(evaluationId)]
    loaded.push({ method, evaluation, films })
  }
  const first = loaded[0]!
  const places = loaded.map(({ films }) => new Map(films.filmIds.map((id, place) => [id, place])))
  const common = first.films.filmIds.filter((id, inFirst) =>
    places.every((of, i) => {
      const place = of.get(id)
      return place !== undefined && loaded[i]!.films.truth[place] === first.films.truth[inFirst]
    })
  )
  if (common.length < 2) {
    throw new NeoGateError('INVALID_INPUT', `The evaluations have ${common.length} films in common.`, {
      field: 'parts',
      reason: 'no-common-films',
      remedy: 'Start the experiment again: labels were changed while it ran.'
    })
  }
  const casesOf = (run: number): Cases =>
    subset(
      loaded[run]!.films,
      common.map(id => places[run]!.get(id)!)
    )
  const { infants } = casesOf(0)
  const hashes = new Set(loaded.map(({ evaluation }) => evaluation.summary.setHash))
  return {
    runs: loaded.map(({ method, evaluation: { calibration } }, run) => ({
      method,
      statistics: createStatistics(
        { ...casesOf(run), infants },
        { calibration, groupings: [], detail: false }
      )
    })),
    infants,
    setHash: first.evaluation.summary.setHash,
    sameSet: hashes.size === 1
  }
}

function runsOf({ runs }: CommonFilms, method: string): [Statistics, ...Statistics[]] {
  return runs.filter(run => run.method === method).map(({ statistics }) => statistics) as [
    Statistics,
    ...Statistics[]
  ]
}

const meanOf = (set: CommonFilms, method: string): Statistics => meanStatistics(runsOf(set, method))

function spreadOf(set: CommonFilms, method: string): ExperimentResult['methods'][number]['spread'] {
  const once = new Float64Array(set.infants.length).fill(1)
  const values = runsOf(set, method).map(({ places, count, compute }) => {
    const out = new Float64Array(count)
    compute(once, out)
    return { places, out }
  })
  const deviation = (place: (places: Statistics['places']) => number) =>
    standardDeviation(values.map(({ places, out }) => out[place(places)]!))
  return {
    macroF1: deviation(({ overall }) => overall.macroF1),
    macroAuroc: deviation(({ overall }) => overall.macroAuroc),
    f1: DIAGNOSES.map((_, k) => deviation(({ perClass }) => perClass[k]!.f1))
  }
}
