import { NeoGateError } from '../../foundation'
import { DIAGNOSES, type Diagnosis } from '../../domain'
import type { JobRun, JobRunner } from '../../job-queue'
import type { FilmScore } from '../../review-store'
import type { CoreContext, ProjectSession } from '../core-context'
import type { OpenModel } from '../inference'
import { featureKin, modelKey } from '../inherited-features'
import { predictFilms } from '../predict-job'
import { openProjectModel } from '../project-models'
import { pooledPiece } from '../training/film-facts'
import type { TrainQuestion } from '../training/train-client'
import { allRows } from './facts'
import { scoreWorker, type ScoreOutcome, type ScoreProgress } from './score-client'

const SEED = 1

/** Lets a project's queue score films for the review queues; called once for each project that is opened. */
export function registerScoreJobs(core: CoreContext, session: ProjectSession): void {
  session.jobs.register('score', createScoreRunner(core, session))
}

function createScoreRunner(core: CoreContext, session: ProjectSession): JobRunner {
  const { studies, review, changes } = session
  return async run => {
    const model = await openProjectModel(core, null)
    if (!model.head) throw noPooledFeatures(model)
    await predictMissing(core, session, model, run)
    const rows = (await allRows(studies)).filter(({ missing }) => !missing)
    const ids = rows.map(({ id }) => id)
    const own = new Map<string, Float32Array>()
    for (const id of ids) {
      const stored = await studies.prediction(id, modelKey(model))
      if (stored) own.set(id, stored.probabilities)
    }
    const kin = await featureKin(core, model)
    const { context: scale, method, size } = model.card
    const labels = Int32Array.from(rows, ({ label }) => DIAGNOSES.indexOf(label as Diagnosis))
    const outcome = await scoreWorker(core.trainers).score(
      {
        method,
        size,
        weightsFile: model.weightsFile,
        scale,
        infants: rows.map(({ patientId }) => patientId),
        seed: SEED,
        films: {
          ids,
          labels,
          contexts: Float32Array.from(
            rows.flatMap(({ gaDays, bwGrams }) => [
              gaDays === null ? 0 : (gaDays - scale.gaMeanDays) / scale.gaSdDays,
              bwGrams === null ? 0 : (bwGrams - scale.bwMeanGrams) / scale.bwSdGrams
            ])
          ),
          teacher: null
        }
      },
      {
        signal: run.signal,
        onAsk: question => {
          const { from, to, channels } = question as Extract<TrainQuestion, { kind: 'pooled' }>
          return pooledPiece(studies, kin, ids.slice(from, to), channels)
        },
        onEvent: told => {
          const { step, done } = told as ScoreProgress
          run.progress({ done: Math.round(1000 * done), total: 1000, step })
        }
      }
    )
    const scores = toScores(rows, own, outcome)
    await review.replaceScores(model.hash, core.clock.timestamp(), scores)
    run.summary({
      scored: scores.length,
      crossValidated: scores.filter(({ outOfFold }) => outOfFold !== null).length
    })
    changes.publish(['review'])
  }
}

function toScores(
  rows: readonly { id: string; label: string | null }[],
  own: ReadonlyMap<string, Float32Array>,
  { atMean, outOfFold, coreSet }: ScoreOutcome
): FilmScore[] {
  const six = (all: Float32Array, i: number) =>
    Number.isNaN(all[i * 6]) ? null : all.slice(i * 6, i * 6 + 6)
  return rows.flatMap(({ id, label }, i) => {
    const answer = own.get(id)
    if (!answer) return []
    return [
      {
        filmId: id,
        label: label as Diagnosis | null,
        own: answer,
        atMean: six(atMean, i),
        outOfFold: six(outOfFold, i),
        coreSet: Number.isNaN(coreSet[i]) ? null : coreSet[i]!
      }
    ]
  })
}

async function predictMissing(
  core: CoreContext,
  session: ProjectSession,
  model: OpenModel,
  run: JobRun
): Promise<void> {
  const missing = await session.studies.withoutPrediction(modelKey(model))
  if (missing.length === 0) return
  let done = 0
  run.progress({ done, total: missing.length, step: 'features' })
  for await (const { asked } of predictFilms(core, session, model, missing, run.signal)) {
    done += asked
    run.progress({ done, total: missing.length, step: 'features' })
    if (run.signal.aborted) throw new NeoGateError('CANCELLED', 'The scoring was stopped.')
  }
}

function noPooledFeatures({ card }: OpenModel): NeoGateError {
  return new NeoGateError(
    'MODEL_REFUSED',
    `${card.name} mixes GA and BW in before its features are pooled, so that it cannot be asked anew without the films.`,
    { reason: 'no-pooled-features', remedy: 'Promote a model of another method, such as ccgn.' }
  )
}
