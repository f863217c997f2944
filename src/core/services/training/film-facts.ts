import { DIAGNOSES } from '../../domain'
import { createRandom } from '../../foundation'
import type { CoreContext, ProjectSession } from '../core-context'
import { filmWorker } from '../film-worker'
import type { OpenModel } from '../inference'
import { featureKin, modelKey, pooledFeatures } from '../inherited-features'
import type { ModelKey, StudyStore } from '../../study-store'
import type { ManifestFilm, RunManifest } from './run-manifest'
import type { FilmFacts, TrainQuestion } from './train-client'

type Side = 'train' | 'validation'

/**
 * What the child is told of the films of one side.
 * @param teacher whose stored predictions are learnt from beside the labels; null: nobody's
 */
export async function factsOf(
  session: ProjectSession,
  manifest: RunManifest,
  side: Side,
  teacher: OpenModel | null
): Promise<FilmFacts> {
  const films = manifest.films[side]
  return {
    ids: films.map(({ id }) => id),
    labels: Int32Array.from(films, ({ label }) => DIAGNOSES.indexOf(label)),
    contexts: Float32Array.from(
      shownContexts(manifest, films).flatMap(film => normalised(film, manifest.context))
    ),
    teacher:
      teacher && manifest.plan.hyperparameters.distillation > 0
        ? await answersOf(session, teacher, films)
        : null
  }
}

/** With control 'shuffled-context' each film has another's GA and BW; both sides are shuffled, each within itself. */
function shownContexts({ options }: RunManifest, films: readonly ManifestFilm[]): readonly ManifestFilm[] {
  if (options.control === 'none') return films
  const others = createRandom(options.seed, 'shuffled-context').shuffle(films)
  return films.map((film, i) => ({ ...film, gaDays: others[i]!.gaDays, bwGrams: others[i]!.bwGrams }))
}

/** (GA, BW) as the network takes them; what is missing is replaced by the mean, which is zero here. */
function normalised({ gaDays, bwGrams }: ManifestFilm, scale: RunManifest['context']): [number, number] {
  return [
    gaDays === null ? 0 : (gaDays - scale.gaMeanDays) / scale.gaSdDays,
    bwGrams === null ? 0 : (bwGrams - scale.bwMeanGrams) / scale.bwSdGrams
  ]
}

/** Six probabilities a film; a film without a prediction (it cannot be read) keeps its label alone. */
async function answersOf(
  { studies }: ProjectSession,
  teacher: OpenModel,
  films: readonly ManifestFilm[]
): Promise<Float32Array> {
  const answers = new Float32Array(films.length * DIAGNOSES.length)
  for (const [i, { id }] of films.entries()) {
    const stored = await studies.prediction(id, modelKey(teacher))
    if (stored) answers.set(stored.probabilities, i * DIAGNOSES.length)
    else answers[i * DIAGNOSES.length + DIAGNOSES.indexOf(films[i]!.label)] = 1
  }
  return answers
}

/** Answers what the child asks for while it trains. @throws NeoGateError FILE_REFUSED, NOT_FOUND for a film that cannot be read */
export async function answerQuestion(
  core: CoreContext,
  { studies }: ProjectSession,
  { films, plan }: RunManifest,
  parent: OpenModel | null,
  question: TrainQuestion,
  signal: AbortSignal
): Promise<Float32Array> {
  const side = films[question.side]
  if (question.kind === 'plane') {
    const path = await studies.filePath(side[question.film]!.id)
    return (await filmWorker(core.films).modelInput(path, plan.size, { signal })).plane
  }
  const asked = side.slice(question.from, question.to).map(({ id }) => id)
  return pooledPiece(studies, await featureKin(core, parent!), asked, question.channels)
}

/** Pooled features of some films one after the other; a film that could not be read has none, and counts as lost: NaN. */
export async function pooledPiece(
  studies: StudyStore,
  kin: readonly ModelKey[],
  filmIds: readonly string[],
  channels: number
): Promise<Float32Array> {
  const vectors = await Promise.all(filmIds.map(id => pooledFeatures(studies, kin, id)))
  const all = new Float32Array(filmIds.length * channels).fill(NaN)
  vectors.forEach((vector, i) => vector && all.set(vector, i * channels))
  return all
}
