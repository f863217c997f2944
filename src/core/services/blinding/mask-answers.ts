import type { LoggedTrainingEvent, ModelInfo, Revision, TrainingPlan } from '../../../contract'
import { TELLS_LABELS } from '../../../contract'
import { showsRevision } from './mask'
import { hidesOfFilm, tells, type Blinding } from './reader-blinding'

/** How well a version did is told by answers put together. */
export function maskModels(models: ModelInfo[], { anywhere }: Blinding): ModelInfo[] {
  if (!anywhere.model) return models
  return models.map(model => ({
    ...model,
    training: model.training && { ...model.training, metrics: { validation: null } }
  }))
}

/** Of an entry that undo or redo wrote: that it was written, not what it brought back. */
export function maskStep<Step extends Revision>(step: Step | null, blinding: Blinding): Step | null {
  if (!step || showsRevision(step, blinding)) return step
  return { ...step, old: null, new: null }
}

export function maskPlan(plan: TrainingPlan, blinding: Blinding): TrainingPlan {
  if (!tells(TELLS_LABELS, blinding.anywhere)) return plan
  return {
    ...plan,
    perClass: [],
    newFilmIds: plan.newFilmIds.filter(id => !tells(TELLS_LABELS, hidesOfFilm(blinding, id)))
  }
}

export function maskTrainingEvent(logged: LoggedTrainingEvent, { anywhere }: Blinding): LoggedTrainingEvent {
  const { event } = logged
  if (event.type !== 'epoch' || !anywhere.model) return logged
  return { ...logged, event: { ...event, accuracy: null, macroF1: null, macroAuroc: null } }
}
