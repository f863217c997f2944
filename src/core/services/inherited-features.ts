import type { ModelKey, StudyStore } from '../study-store'
import type { CoreContext } from './core-context'
import type { OpenModel } from './inference'
import { projectModels } from './project-models'

export function modelKey({ hash, card }: Pick<OpenModel, 'hash' | 'card'>): ModelKey {
  return { modelHash: hash, preprocessingHash: card.preprocessing.hash }
}

/**
 * Versions whose pooled features are this model's own, itself first: where the head alone was trained, films look to the
 * network as they did to its parent. So a version made in seconds can also answer for every film in seconds.
 */
export async function featureKin(core: CoreContext, model: OpenModel): Promise<ModelKey[]> {
  const known = new Map((await projectModels(core)).map(listed => [listed.hash, listed]))
  const kin = [modelKey(model)]
  for (let card = model.card; card.training?.scope === 'head' && card.training.parent !== null;) {
    const parent = known.get(card.training.parent)
    if (!parent || kin.some(({ modelHash }) => modelHash === parent.hash)) break
    kin.push(modelKey(parent))
    card = parent.card
  }
  return kin
}

/** GAP(F) of a film by the first of these versions that has it; null where none has. */
export async function pooledFeatures(
  studies: StudyStore,
  kin: readonly ModelKey[],
  filmId: string
): Promise<Float32Array | null> {
  for (const key of kin) {
    const pooled = (await studies.prediction(filmId, key))?.pooled
    if (pooled) return pooled
  }
  return null
}
