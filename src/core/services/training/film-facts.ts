import { DIAGNOSES } from '../../domain'
import { createRandom } from '../../foundation'
import { softmaxOf } from '../../ml/explain'
import type { JobRun } from '../../job-queue'
import type { CoreContext, ProjectSession } from '../core-context'
import { filmWorker } from '../film-worker'
import type { OpenModel } from '../inference'
import { featureKin, modelKey } from '../inherited-features'
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

/** Six probabilities a film; a film without a current prediction (it cannot be read) keeps its label alone. */
async function answersOf(
  { studies }: ProjectSession,
  teacher: OpenModel,
  films: readonly ManifestFilm[]
): Promise<Float32Array> {
  const answers = new Float32Array(films.length * DIAGNOSES.length)
  const logits = await studies.currentLogits(
    modelKey(teacher),
    films.map(({ id }) => id)
  )
  for (const [i, { id, label }] of films.entries()) {
    const said = logits.get(id)
    if (said) answers.set(softmaxOf(said), i * DIAGNOSES.length)
    else answers[i * DIAGNOSES.length + DIAGNOSES.indexOf(label)] = 1
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
async function pooledPiece(
  studies: StudyStore,
  kin: readonly ModelKey[],
  filmIds: readonly string[],
  channels: number
): Promise<Float32Array> {
  const vectors = await studies.pooled(kin, filmIds)
  const all = new Float32Array(filmIds.length * channels).fill(NaN)
  filmIds.forEach((id, i) => all.set(vectors.get(id) ?? [], i * channels))
  return all
}

/** Answers a child that reads the pooled features of all these films before it begins, and says how far it is. */
export function pooledAnswers(
  studies: StudyStore,
  kin: readonly ModelKey[],
  filmIds: readonly string[],
  run: Pick<JobRun, 'progress'>
): (question: unknown) => Promise<Float32Array> {
  return async question => {
    const { from, to, channels } = question as Extract<TrainQuestion, { kind: 'pooled' }>
    const piece = await pooledPiece(studies, kin, filmIds.slice(from, to), channels)
    run.progress({ done: to, total: filmIds.length, step: 'read' })
    return piece
  }
}
