import type { EvaluationSet } from '../../../contract'
import { calibrate } from '../../ml/evaluation'
import type { ListedModel } from '../../model-registry'
import type { CoreContext, ProjectSession } from '../core-context'
import type { OpenModel } from '../inference'
import { lineageSplits, setHash } from './choose-set'
import { predictMissing } from '../predict-missing'
import { gatherFilms } from './evaluated-films'
import type { FittedCalibration } from './evaluation-store'

/** Fewer films give no temperature worth the name. */
const FEWEST_FILMS = 20

/**
 * Temperature and thresholds of a version, fitted on the validation side of the split that it was trained with (else of the set's
 * own split) and on nothing else; kept with the version until those films or their labels change.
 * @returns null where there are too few validation films
 */
export async function ensureCalibration(
  core: CoreContext,
  session: ProjectSession,
  model: OpenModel,
  models: readonly ListedModel[],
  set: EvaluationSet,
  options: Parameters<typeof predictMissing>[4]
): Promise<FittedCalibration | null> {
  const listed = models.find(({ id }) => id === model.id)!
  const lineage = await lineageSplits(session, listed, models)
  const newest = (await session.splits.list()).at(-1)
  const splitId = lineage.known[0]?.id ?? set.split?.id ?? newest?.id
  if (splitId === undefined) return null
  const { validation } = await session.splits.trainingFilms(splitId)
  const usable = (await session.studies.rows(validation)).filter(
    row => row.label !== null && !row.missing && row.contextState !== 'blocked'
  )
  if (usable.length < FEWEST_FILMS) return null
  const hash = setHash(usable)
  const kept = await session.evaluations.calibration(model.hash)
  if (kept?.splitId === splitId && kept.setHash === hash) return kept

  const ids = usable.map(({ id }) => id)
  await predictMissing(core, session, model, ids, options)
  const { films } = await gatherFilms(session, model, ids)
  if (films.truth.length < FEWEST_FILMS) return null
  const fitted = {
    ...calibrate(films),
    splitId,
    setHash: hash,
    films: films.truth.length,
    fittedAt: core.clock.timestamp()
  }
  await session.evaluations.setCalibration(model.hash, fitted)
  return fitted
}
