import type { Diagnosis, Occlusion, Saliency } from '../../../contract'
import { DIAGNOSES } from '../../domain'
import { cellMeans, rankCorrelation } from '../../ml/explain'
import type { FilmRow } from '../../study-store'
import type { CoreContext, ProjectSession } from '../core-context'
import type { OpenModel } from '../inference'
import { gateInput } from '../predictions'
import type { CallContext } from '../services'
import { explainWorker } from './explain-client'
import { type DrawnFilm, type FilmFeatureSource } from './film-features'
import { ownMap } from './gate'

interface Asked {
  model: OpenModel
  row: FilmRow
  diagnosis: Diagnosis
}

const rounded = (values: ArrayLike<number>) => Array.from(values, value => Number(value.toPrecision(5)))

/** Places along each side that are covered one after the other. */
const PLACES = 8

/** Logits with each place covered so far; another GA or BW begins anew. */
interface Covered {
  key: string
  /** Uncovered. */
  logits: Float32Array
  /** [places done, classes] */
  drops: Float32Array[]
}

/** Two looks at the film that know nothing of its feature map, to hold the activation map against. */
export function createSaliency(core: CoreContext, source: FilmFeatureSource) {
  const worker = explainWorker(core.models)
  const covered = new WeakMap<ProjectSession, Covered>()

  return {
    /** By reverse-mode differentiation of the network with respect to the image. */
    async gradient({ model, row, diagnosis }: Asked, context: CallContext): Promise<Saliency> {
      const film = await source.featuresOf(model, row, context)
      const given = gateInput(model, row)
      const plane = await worker.imageGradient(
        {
          folder: model.folder,
          hash: model.hash,
          plane: film.plane,
          ...given,
          chosen: DIAGNOSES.indexOf(diagnosis)
        },
        { signal: context.signal, priority: 1 }
      )
      const { rows, columns, extent } = film
      const gradient = cellMeans(plane.map(Math.abs), model.card.size, rows, columns)
      const activation = await ownMap(source, model, film, diagnosis)
      return {
        modelId: model.id,
        rows,
        columns,
        extent,
        gradient: rounded(gradient),
        activation: rounded(activation),
        correlation: rankCorrelation(gradient, activation.map(Math.abs))
      }
    },

    /** Covers one more row of places with the film's mean grey, for all classes at once. */
    async occlude({ model, row, diagnosis }: Asked, context: CallContext): Promise<Occlusion> {
      const film = await source.featuresOf(model, row, context)
      const given = gateInput(model, row)
      const session = core.project()
      const key = JSON.stringify([model.hash, row.id, given])
      let state = covered.get(session)
      const predict = async (planes: Float32Array[]) => {
        const films = planes.map(plane => ({ plane, ...given }))
        const { outputs } = await core.inference.predict(model, films, null, {
          signal: context.signal,
          priority: 1
        })
        return outputs.map(({ logits }) => logits)
      }
      if (state?.key !== key) {
        const [logits] = await predict([film.plane])
        state = { key, logits: logits!, drops: [] }
        covered.set(session, state)
      }
      const next = state.drops.length / PLACES
      if (next < PLACES) {
        const planes = Array.from({ length: PLACES }, (_, column) =>
          withPatch(film.plane, model.card.size, next, column)
        )
        const logits = await predict(planes)
        // A call beside this one may have done the row meanwhile.
        if (state.drops.length === next * PLACES) {
          state.drops.push(...logits.map(after => state.logits.map((before, k) => before - after[k]!)))
        }
      }
      const k = DIAGNOSES.indexOf(diagnosis)
      const values = state.drops.map(drop => drop[k]!)
      const done = state.drops.length / PLACES
      return {
        modelId: model.id,
        rows: PLACES,
        columns: PLACES,
        extent: film.extent,
        done,
        values: rounded(values),
        correlation:
          done === PLACES ? rankCorrelation(values, await overPlaces(model, film, diagnosis)) : null
      }
    }
  }

  /** The activation map averaged over the places that were covered. */
  async function overPlaces(model: OpenModel, film: DrawnFilm, diagnosis: Diagnosis): Promise<Float32Array> {
    const { rows, columns } = film
    const map = await ownMap(source, model, film, diagnosis)
    const side = rows * PLACES
    const fine = new Float32Array(side * side)
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        fine[y * side + x] = map[Math.floor((y * rows) / side) * columns + Math.floor((x * columns) / side)]!
      }
    }
    return cellMeans(fine, side, PLACES, PLACES)
  }
}

function withPatch(plane: Float32Array, size: number, row: number, column: number): Float32Array {
  const grey = plane.reduce((sum, value) => sum + value, 0) / plane.length
  const covered = plane.slice()
  const at = (place: number) => Math.round((place * size) / PLACES)
  for (let y = at(row); y < at(row + 1); y++) {
    covered.fill(grey, y * size + at(column), y * size + at(column + 1))
  }
  return covered
}
