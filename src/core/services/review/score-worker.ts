import { NeoGateError, type ChildHandlers } from '../../foundation'
import { contextHead, softmaxOf } from '../../ml/explain'
import { entryShape, headGraph, modelDefinition, modelParameters } from '../../ml/models'
import { foldPredictions, type TrainingSet } from '../../ml/trainer'
import { loadWeights } from '../../ml/weights'
import { coreSet, createSketch, groupedFolds } from '../../review-queue'
import { createRandom } from '../../foundation'
import { pooledSet } from '../training/film-source'
import type { ScoreOutcome, ScoreProgress, ScoreRequest } from './score-client'

const FOLDS = 5
/** Fewer infants than this with a label tell nothing about one another. */
const FEWEST_INFANTS = 10
/** Films offered for labelling at a time because they lie far from the rest. */
const CORE_SET = 300
/** Labelled films that distances are taken to: a sample stands for all where there are more. */
const LABELLED_CENTRES = 1500
const FILMS_AT_ONCE = 64

/** Part of the child of role 'train': what takes seconds at tens of thousands of films must not hold up the host. */
export const scoreWorkerHandlers = {
  async score(request: ScoreRequest, { signal, emit, ask }): Promise<ScoreOutcome> {
    const { films, infants, seed, size } = request
    const tell = async (progress: ScoreProgress) => {
      emit(progress)
      // Without a pause no message, such as the one that cancels, would arrive.
      await new Promise(resolve => setImmediate(resolve))
      if (signal.aborted) throw new NeoGateError('CANCELLED', 'The scoring was stopped.')
    }
    const definition = modelDefinition(request.method)
    const channels = entryShape(definition, 'pooled', size)[0]!
    const set = await pooledSet(films, 'train', ask, channels)
    const vectors = await Promise.all(films.ids.map((_, i) => set.read(i)))
    const present = films.ids.map((_, i) => i).filter(i => !Number.isNaN(vectors[i]![0]))

    const head = await openHead(request)
    const { gaMeanDays, bwMeanGrams } = request.scale
    const atMean = new Float32Array(films.ids.length * 6).fill(NaN)
    for (const [place, i] of present.entries()) {
      if (place % FILMS_AT_ONCE === 0) await tell({ step: 'score', done: place / present.length })
      atMean.set(softmaxOf(head.logits(vectors[i]!, gaMeanDays, bwMeanGrams)), i * 6)
    }
    return { atMean, outOfFold: await crossValidate(), coreSet: farthest() }

    async function crossValidate(): Promise<Float32Array> {
      const answers = new Float32Array(films.ids.length * 6).fill(NaN)
      const labelled = present.filter(i => films.labels[i]! >= 0)
      const ofInfants = labelled.map(i => infants[i]!)
      if (new Set(ofInfants).size < FEWEST_INFANTS) return answers
      const labels = Int32Array.from(labelled, i => films.labels[i]!)
      const probabilities = await foldPredictions(definition, subset(set, labelled), {
        folds: groupedFolds(ofInfants, labels, FOLDS, seed),
        seed,
        provider: 'cpu',
        size,
        onProgress: done => tell({ step: 'cross-validate', done })
      })
      labelled.forEach((i, place) => answers.set(probabilities.subarray(place * 6, place * 6 + 6), i * 6))
      return answers
    }

    /** Scores of the unlabelled films that lie farthest from the labelled ones; NaN for all others. */
    function farthest(): Float32Array {
      const sketch = createSketch(channels)
      const [labelled, open] = [true, false].map(has => present.filter(i => films.labels[i]! >= 0 === has))
      const centres = createRandom(seed, 'centres').shuffle(labelled!).slice(0, LABELLED_CENTRES)
      const candidates = new Map(open!.map(i => [films.ids[i]!, sketch(vectors[i]!)]))
      const placeOf = new Map(open!.map(i => [films.ids[i]!, i]))
      const scores = new Float32Array(films.ids.length).fill(NaN)
      const sketched = centres.map(i => sketch(vectors[i]!))
      for (const { filmId, score } of coreSet(candidates, sketched, CORE_SET)) {
        scores[placeOf.get(filmId)!] = score
      }
      return scores
    }
  }
} satisfies ChildHandlers

async function openHead({ method, weightsFile, scale }: ScoreRequest) {
  const definition = modelDefinition(method)
  const { tensors } = await loadWeights(weightsFile, modelParameters(definition), {
    seed: 0,
    head: null,
    ownParts: []
  })
  return contextHead(headGraph(definition), tensors, scale)
}

function subset(set: TrainingSet, films: readonly number[]): TrainingSet {
  return {
    count: films.length,
    entry: set.entry,
    label: i => set.label(films[i]!),
    context: i => set.context(films[i]!),
    read: i => set.read(films[i]!)
  }
}
