import { z } from 'zod'
import {
  evaluationOptions,
  evaluationSet,
  evaluationWarning,
  type Evaluation,
  type EvaluationWarning
} from '../../../contract'
import { NeoGateError } from '../../foundation'
import type { JobRunner } from '../../job-queue'
import { modelDefinition } from '../../ml/models'
import type { CoreContext, ProjectSession } from '../core-context'
import { openProjectModel, projectModels } from '../project-models'
import { setHash, warning } from './choose-set'
import { computeEvaluation } from './compute-evaluation'
import { answerControl, type ControlAnswers } from './controls'
import { predictMissing } from '../predict-missing'
import { gatherFilms } from './evaluated-films'
import { ensureCalibration } from './fit-calibration'

/** What an evaluation is started with: its films are fixed from then on. */
const evaluateJobInput = z.strictObject({
  modelId: z.string(),
  reader: z.string(),
  set: evaluationSet,
  filmIds: z.array(z.string()),
  warnings: z.array(evaluationWarning),
  options: evaluationOptions
})
export type EvaluateJobInput = z.infer<typeof evaluateJobInput>

/** Lets a project's queue evaluate; called once for each project that is opened. */
export function registerEvaluateJobs(core: CoreContext, session: ProjectSession): void {
  session.jobs.register('evaluate', createEvaluateRunner(core, session))
}

/** Predictions and calibration are kept as they are made, so that a job that was cut off goes on from there. */
function createEvaluateRunner(core: CoreContext, session: ProjectSession): JobRunner {
  return async run => {
    const { modelId, reader, set, filmIds, options, ...input } = evaluateJobInput.parse(run.input)
    const { signal } = run
    const during = (step: string) => ({
      signal,
      progress: (done: number, total: number) => run.progress({ done, total, step })
    })
    const model = await openProjectModel(core, modelId)
    await predictMissing(core, session, model, filmIds, during('predict'))
    const models = await projectModels(core)
    const fitted = await ensureCalibration(core, session, model, models, set, during('calibrate'))
    const { films, rows } = await gatherFilms(session, model, filmIds)
    if (films.truth.length < 2) throw tooFewRead(filmIds.length)

    const training = await trainingSide(session, set)
    const controls: ControlAnswers[] = []
    for (const control of options.controls) {
      const { seed } = options
      const asked = { core, session, model, rows, training, seed, ...during('controls') }
      const answers = await answerControl(control, asked)
      if (answers) controls.push(answers)
    }
    const { resamples, seed } = options
    const computed = await computeEvaluation({
      cases: films,
      rows,
      calibration: fitted,
      controls,
      resamples,
      seed,
      ...during('bootstrap')
    })

    const hash = setHash(rows)
    const split = fitted && (await session.splits.get(fitted.splitId))
    const infants = new Set(films.infants).size
    const evaluation: Evaluation = {
      summary: {
        id: run.id,
        at: core.clock.timestamp(),
        reader,
        modelId: model.id,
        modelName: model.card.name,
        modelHash: model.hash,
        method: model.card.method,
        set,
        films: films.truth.length,
        infants,
        setHash: hash,
        accuracy: computed.overall.accuracy,
        macroF1: computed.overall.macroF1,
        macroAuroc: computed.overall.macroAuroc
      },
      warnings: [
        ...input.warnings,
        ...lateWarnings(filmIds.length - films.truth.length, {
          method: model.card.method,
          imputed: rows.filter(({ gaDays, bwGrams }) => gaDays === null || bwGrams === null).length,
          fitted: fitted !== null,
          sameFilms: fitted?.setHash === hash ? films.truth.length : 0
        })
      ],
      resamples,
      seed,
      calibration: fitted && {
        temperature: fitted.temperature,
        thresholds: fitted.thresholds,
        films: fitted.films,
        split: split!.name,
        fittedAt: fitted.fittedAt
      },
      ...computed
    }
    await session.evaluations.add(evaluation, films)
    session.changes.publish(['evaluations'])
    run.summary({ films: films.truth.length, infants })
  }
}

/** What only shows once the films were predicted. */
function lateWarnings(
  unread: number,
  facts: { method: string; imputed: number; fitted: boolean; sameFilms: number }
): EvaluationWarning[] {
  const found: EvaluationWarning[] = []
  if (unread > 0) found.push(warning('unreadable', unread))
  if (facts.imputed > 0 && modelDefinition(facts.method).context !== 'none') {
    found.push(warning('context-imputed', facts.imputed))
  }
  if (!facts.fitted) found.push(warning('not-calibrated', 0))
  if (facts.sameFilms > 0) found.push(warning('calibrated-here', facts.sameFilms))
  return found
}

/** Films that a control may be fitted on; null where the set is on no side. */
async function trainingSide({ splits, studies }: ProjectSession, set: Evaluation['summary']['set']) {
  if (!set.split || set.side === 'train') return null
  const { train } = await splits.trainingFilms(set.split.id)
  const rows = (await studies.rows(train)).filter(row => row.label !== null && row.contextState !== 'blocked')
  return rows.length > 0 ? rows : null
}

function tooFewRead(asked: number): NeoGateError {
  return new NeoGateError('INVALID_INPUT', `None of the ${asked} films could be read.`, {
    field: 'set',
    remedy: 'Check that the study folder is connected, then run the evaluation again.'
  })
}
