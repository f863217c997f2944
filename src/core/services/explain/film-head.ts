import { NeoGateError } from '../../foundation'
import type { ContextHead } from '../../ml/explain'
import { modelDefinition, type ModelDefinition } from '../../ml/models'
import type { FilmRow } from '../../study-store'
import type { CallContext, Services } from '../services'
import type { CoreContext, ProjectSession } from '../core-context'
import type { OpenModel } from '../inference'
import { featureKin, modelKey, pooledFeatures } from '../inherited-features'
import { openProjectModel } from '../project-models'

/** A film as the part of the network behind its pooled features sees it: everything an explanation by GA and BW takes. */
export interface FilmHead {
  model: OpenModel
  definition: ModelDefinition
  row: FilmRow
  head: ContextHead
  /** GAP(F) [channels], before any gate. */
  pooled: Float32Array
}

/** Films whose vectors are at hand for a slider: the one on screen, and a few that were. */
const KEPT = 8

interface Kept {
  models: Map<string, OpenModel>
  pooled: Map<string, Float32Array>
}

/** Models and pooled features kept ready between two answers, since a hand on a slider asks sixty times a second. */
export function createFilmHeads(core: CoreContext, predictions: Services['predictions']) {
  const kept = new WeakMap<ProjectSession, Kept>()

  function keptOf(session: ProjectSession): Kept {
    const found = kept.get(session) ?? { models: new Map(), pooled: new Map() }
    kept.set(session, found)
    return found
  }

  /** @param id null: the active model, which is looked up every time. @throws NeoGateError NOT_FOUND, MODEL_REFUSED */
  async function openModel(id: string | null): Promise<OpenModel> {
    const { models } = keptOf(core.project())
    const known = id === null ? undefined : models.get(id)
    if (known) return known
    const model = await openProjectModel(core, id)
    models.set(model.id, model)
    return model
  }

  /** GAP(F), made by the network where no version at hand has it. */
  async function pooledOf(model: OpenModel, filmId: string, context: CallContext): Promise<Float32Array> {
    const session = core.project()
    const { pooled } = keptOf(session)
    const key = `${model.hash} ${filmId}`
    const known = pooled.get(key)
    if (known) return known
    const kin = await featureKin(core, model)
    let vector = await pooledFeatures(session.studies, kin, filmId)
    if (!vector) {
      await predictions.get({ filmId, modelId: model.id, context: null }, context)
      vector = (await session.studies.prediction(filmId, modelKey(model)))?.pooled ?? null
    }
    if (!vector && model.head?.channels === 0) vector = new Float32Array(0)
    if (!vector) throw new NeoGateError('INTERNAL', `${model.id} left no features of the film.`)
    pooled.set(key, vector)
    for (const old of pooled.keys()) {
      if (pooled.size <= KEPT) break
      pooled.delete(old)
    }
    return vector
  }

  return {
    openModel,
    /** null where GA and BW enter before the features are made. */
    async open(filmId: string, modelId: string | null, context: CallContext): Promise<FilmHead | null> {
      const model = await openModel(modelId)
      const { head } = model
      if (!head) return null
      const [row] = await core.project().studies.rows([filmId])
      const pooled = await pooledOf(model, filmId, context)
      return { model, definition: modelDefinition(model.card.method), row: row!, head, pooled }
    }
  }
}
