import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { DIAGNOSES, isDiagnosis } from '../../domain'
import { createRandom, NeoGateError } from '../../foundation'
import type { JobRunner } from '../../job-queue'
import { calibrationScores } from '../../ml/explain'
import type { FilmRow } from '../../study-store'
import type { CoreContext, ProjectSession } from '../core-context'
import { lineageSplits } from '../evaluation/choose-set'
import { featureKin } from '../inherited-features'
import type { OpenModel } from '../inference'
import { openProjectModel, projectModels } from '../project-models'
import { predictMissing } from '../predict-missing'
import { gateInput } from '../predictions'
import { allRows } from '../review/facts'
import { pooledAnswers } from '../training/film-facts'
import { ensembleWorker, type EnsembleProgress } from './ensemble-client'
import { ensembleFolder, writeManifest } from './ensemble-store'

const jobInput = z.object({ modelId: z.string(), members: z.int() })

const SEED = 1
/** Without a split this share of the infants is fitted on, the rest calibrated with. */
const FITTED_SHARE = 0.7
/** With fewer infants on either side nothing that is said of uncertainty would hold. */
const FEWEST_INFANTS = 10

/** Lets a project's queue fit ensembles; called once for each project that is opened. */
export function registerEnsembleJobs(core: CoreContext, session: ProjectSession): void {
  session.jobs.register('ensemble', createEnsembleRunner(core, session))
}

function createEnsembleRunner(core: CoreContext, session: ProjectSession): JobRunner {
  const { studies, changes } = session
  return async run => {
    const { modelId, members } = jobInput.parse(run.input)
    const model = await openProjectModel(core, modelId)
    if (!model.head || model.head.channels === 0) throw noPooledFeatures(model)
    const { fitted, calibrated, split } = await chooseSides(core, session, model)
    const rows = [...fitted, ...calibrated]
    await predictMissing(
      core,
      session,
      model,
      rows.map(({ id }) => id),
      { signal: run.signal, progress: (done, total) => run.progress({ done, total, step: 'features' }) }
    )
    const folder = await ensembleFolder(session, model)
    // From here on the earlier ensemble is no more.
    await rm(join(folder, 'ensemble.json'), { force: true })
    const outcome = await fit()
    const known = calibrated.flatMap(({ label, patientId }, i) => {
      const probabilities = outcome.calibration.subarray(i * DIAGNOSES.length, (i + 1) * DIAGNOSES.length)
      if (Number.isNaN(probabilities[0])) return []
      return [{ probabilities, label: classOf(label), infant: patientId }]
    })
    const infantsOf = (films: readonly FilmRow[]) => [...new Set(films.map(({ patientId }) => patientId))]
    await writeManifest(folder, {
      version: 1,
      modelHash: model.hash,
      members,
      fittedAt: core.clock.timestamp(),
      split,
      fitted: { films: outcome.fitted, infants: infantsOf(fitted) },
      calibrated: { films: known.length, infants: infantsOf(calibrated) },
      scores: calibrationScores(known, SEED)
    })
    run.summary({ members, fitted: outcome.fitted, calibrated: known.length })
    changes.publish(['models'])

    async function fit() {
      const kin = await featureKin(core, model)
      const ids = rows.map(({ id }) => id)
      const scale = model.card.context
      return ensembleWorker(core.trainers).fit(
        {
          method: model.card.method,
          size: model.card.size,
          films: {
            ids,
            labels: Int32Array.from(rows, ({ label }) => classOf(label)),
            contexts: Float32Array.from(
              rows.flatMap(row => {
                const { gaDays, bwGrams } = gateInput(model, row)
                return [
                  (gaDays - scale.gaMeanDays) / scale.gaSdDays,
                  (bwGrams - scale.bwMeanGrams) / scale.bwSdGrams
                ]
              })
            ),
            teacher: null
          },
          fitted: fitted.length,
          infants: rows.map(({ patientId }) => patientId),
          members,
          seed: SEED,
          folder
        },
        {
          signal: run.signal,
          onAsk: pooledAnswers(studies, kin, ids, run),
          onEvent: told => {
            const { done } = told as EnsembleProgress
            run.progress({ done: Math.round(1000 * done), total: 1000, step: 'fit' })
          }
        }
      )
    }
  }
}

const classOf = (label: string | null) => DIAGNOSES.indexOf(label as (typeof DIAGNOSES)[number])

/**
 * Films to fit on and films to calibrate with, never those of a locked test side: the sides of the split that the version was
 * trained with, else of the newest; where there is none, the project's infants divided by lot.
 * @throws NeoGateError INVALID_INPUT where either side has too few infants
 */
async function chooseSides(core: CoreContext, session: ProjectSession, model: OpenModel) {
  const { studies, splits } = session
  const models = await projectModels(core)
  const listed = models.find(({ id }) => id === model.id)!
  const split = (await lineageSplits(session, listed, models)).known[0] ?? (await splits.list()).at(-1)
  const usable = (row: FilmRow) =>
    row.label !== null && isDiagnosis(row.label) && !row.missing && row.contextState !== 'blocked'
  let fitted: FilmRow[]
  let calibrated: FilmRow[]
  if (split) {
    const sides = await splits.trainingFilms(split.id)
    fitted = (await studies.rows(sides.train)).filter(usable)
    calibrated = (await studies.rows(sides.validation)).filter(usable)
  } else {
    const rows = (await allRows(studies)).filter(usable)
    const infants = [...new Set(rows.map(({ patientId }) => patientId))].sort()
    const drawn = createRandom(SEED, 'ensemble-sides').shuffle(infants)
    const fit = new Set(drawn.slice(0, Math.round(FITTED_SHARE * drawn.length)))
    fitted = rows.filter(({ patientId }) => fit.has(patientId))
    calibrated = rows.filter(({ patientId }) => !fit.has(patientId))
  }
  const fewest = Math.min(...[fitted, calibrated].map(films => new Set(films.map(f => f.patientId)).size))
  if (fewest < FEWEST_INFANTS) throw tooFewInfants(fewest)
  return { fitted, calibrated, split: split?.name ?? null }
}

function tooFewInfants(infants: number): NeoGateError {
  return new NeoGateError(
    'INVALID_INPUT',
    `Only ${infants} infants with labelled films are at hand to fit on or to calibrate with; ${FEWEST_INFANTS} are needed on each side.`,
    { field: 'films', reason: 'too-few-infants', remedy: 'Label films of more infants first.' }
  )
}

export function noPooledFeatures({ card }: OpenModel): NeoGateError {
  return new NeoGateError(
    'INVALID_INPUT',
    `${card.method} has no features behind which a head could be fitted alone.`,
    {
      field: 'modelId',
      reason: 'no-pooled-features',
      remedy: 'Choose a version of another method, such as ccgn.'
    }
  )
}
