import { NeoGateError } from '../../foundation'
import { modelDefinition } from '../../ml/models'
import type { FilmRow } from '../../study-store'
import type { CoreContext, ProjectSession } from '../core-context'
import { filmWorker } from '../film-worker'
import { readTensors } from '../head-tensors'
import type { OpenModel } from '../inference'
import { gateInput } from '../predictions'
import type { CallContext } from '../services'
import { explainWorker, type FilmFeatures } from './explain-client'

/** A film as the network takes it, and where on the film that lies. */
export interface FilmPlane {
  plane: Float32Array
  extent: { left: number; top: number; right: number; bottom: number }
}

/** What is drawn from: the last feature map of a film, kept while the film is looked at (2 MB with ResNet50). */
export interface DrawnFilm extends FilmPlane, FilmFeatures {}

interface Kept {
  planes: Map<string, FilmPlane>
  features: Map<string, FilmFeatures>
  /** Classifier weights by model hash, row-major [classes, width]. */
  classifiers: Map<string, { weight: Float32Array; width: number }>
}

const KEPT_FILMS = 2

export type FilmFeatureSource = ReturnType<typeof createFilmFeatures>

export function createFilmFeatures(core: CoreContext) {
  const kept = new WeakMap<ProjectSession, Kept>()
  const worker = explainWorker(core.models)

  function keptOf(session: ProjectSession): Kept {
    const found = kept.get(session) ?? { planes: new Map(), features: new Map(), classifiers: new Map() }
    kept.set(session, found)
    return found
  }

  async function planeOf(model: OpenModel, filmId: string, { signal }: CallContext): Promise<FilmPlane> {
    const session = core.project()
    const { planes } = keptOf(session)
    const key = `${model.card.size} ${filmId}`
    const known = planes.get(key)
    if (known) return known
    const path = await session.studies.filePath(filmId)
    const { plane, extent } = await filmWorker(core.films).modelInput(path, model.card.size, {
      signal,
      priority: 1
    })
    return remember(planes, key, { plane, extent })
  }

  return {
    planeOf,

    /** @throws NeoGateError INVALID_INPUT with reason 'no-map' for a control */
    async featuresOf(model: OpenModel, row: FilmRow, context: CallContext): Promise<DrawnFilm> {
      if (modelDefinition(model.card.method).backbone === null) throw noMap(model)
      const { features } = keptOf(core.project())
      const given = gateInput(model, row)
      // GA and BW may enter before the features are made.
      const key = `${model.hash} ${row.id} ${given.gaDays} ${given.bwGrams}`
      const film = await planeOf(model, row.id, context)
      const known = features.get(key)
      if (known) return { ...film, ...known }
      const request = { folder: model.folder, hash: model.hash, plane: film.plane, ...given }
      const made = await worker.features(request, { signal: context.signal, priority: 1 })
      return { ...film, ...remember(features, key, made) }
    },

    /** W_k [channels], of the channels of F. */
    async classifierOf(model: OpenModel, k: number, channels: number): Promise<Float32Array> {
      const { classifiers } = keptOf(core.project())
      let known = classifiers.get(model.hash)
      if (!known) {
        const name = `${modelDefinition(model.card.method).head}weight`
        const tensor = (await readTensors(model.weightsFile, [name])).get(name)!
        known = { weight: tensor.data as Float32Array, width: tensor.shape[1]! }
        classifiers.set(model.hash, known)
      }
      return known.weight.subarray(k * known.width, k * known.width + channels)
    }
  }
}

function remember<Value>(values: Map<string, Value>, key: string, value: Value): Value {
  values.set(key, value)
  for (const old of values.keys()) {
    if (values.size <= KEPT_FILMS) break
    values.delete(old)
  }
  return value
}

export function noMap({ card }: OpenModel): NeoGateError {
  return new NeoGateError(
    'INVALID_INPUT',
    `${card.method} does not look at the film, so that nothing of the film explains it.`,
    { field: 'modelId', reason: 'no-map', remedy: 'Choose a version that sees the film.' }
  )
}
