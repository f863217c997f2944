import { RESEARCH_NOTICE } from '../../model-registry'
import type { CoreContext } from '../core-context'
import { CONTEXT_BEFORE_TRAINING } from '../model-building'
import type { FullOptions, PlannedRun } from './plan-run'
import { filmsHash, type RunManifest } from './run-manifest'
import { contextScale } from './train-client'

/**
 * Fixes everything that a run is made from. A run that goes on from a version keeps that version's scale of GA and BW,
 * which its gate has learnt by.
 */
export async function prepareRun(
  core: CoreContext,
  options: FullOptions,
  { plan, parent, films }: PlannedRun
): Promise<RunManifest> {
  return {
    format: 'neogate-training-run/1',
    notice: RESEARCH_NOTICE,
    createdAt: core.clock.timestamp(),
    options,
    plan,
    hyperparameters: plan.hyperparameters,
    parent: parent && { id: parent.id, hash: parent.hash },
    context: parent?.card.context ?? contextScale(films.train) ?? CONTEXT_BEFORE_TRAINING,
    history: await core.project().labels.seal(),
    films,
    hash: filmsHash(films)
  }
}
