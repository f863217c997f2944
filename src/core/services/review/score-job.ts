import { NeoGateError } from '../../foundation'
import { DIAGNOSES, type Diagnosis } from '../../domain'
import type { JobRunner } from '../../job-queue'
import { softmaxOf } from '../../ml/explain'
import type { FilmScore } from '../../review-store'
import type { CoreContext, ProjectSession } from '../core-context'
import type { OpenModel } from '../inference'
import { featureKin, modelKey } from '../inherited-features'
import { predictMissing } from '../predict-missing'
import { openProjectModel } from '../project-models'
import { pooledAnswers } from '../training/film-facts'
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
    const everything = (await studies.contexts()).map(({ id }) => id)
    await predictMissing(core, session, model, everything, {
      signal: run.signal,
      progress: (done, total) => run.progress({ done, total, step: 'features' })
    })
    const rows = (await allRows(studies)).filter(({ missing }) => !missing)
    const ids = rows.map(({ id }) => id)
    const own = await studies.currentLogits(modelKey(model), ids)
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
        onAsk: pooledAnswers(studies, kin, ids, run),
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
  logits: ReadonlyMap<string, Float32Array>,
  { atMean, outOfFold, coreSet }: ScoreOutcome
): FilmScore[] {
  const six = (all: Float32Array, i: number) =>
    Number.isNaN(all[i * 6]) ? null : all.slice(i * 6, i * 6 + 6)
  return rows.flatMap(({ id, label }, i) => {
    const answer = logits.get(id)
    if (!answer) return []
    return [
      {
        filmId: id,
        label: label as Diagnosis | null,
        own: softmaxOf(answer),
        atMean: six(atMean, i),
        outOfFold: six(outOfFold, i),
        coreSet: Number.isNaN(coreSet[i]) ? null : coreSet[i]!
      }
    ]
  })
}

function noPooledFeatures({ card }: OpenModel): NeoGateError {
  return new NeoGateError(
    'MODEL_REFUSED',
    `${card.name} mixes GA and BW in before its features are pooled, so that it cannot be asked anew without the films.`,
    { reason: 'no-pooled-features', remedy: 'Promote a model of another method, such as ccgn.' }
  )
}
