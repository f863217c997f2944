import type { NearestBy, NearestFilms } from '../../../contract'
import type { CoreContext, ProjectSession } from '../core-context'
import { featureKin } from '../inherited-features'
import { gateInput } from '../predictions'
import type { CallContext } from '../services'
import { explainWorker } from './explain-client'
import type { FilmHead } from './film-head'
import { extendVectorFile } from './vector-file'

/** How long one call may gather features before it says how far it is. */
const GATHER_MS = 400

/** Exact search over the features of every film of the project. */
export function createNearestFilms(core: CoreContext) {
  const worker = explainWorker(core.models)
  /** One call at a time writes a project's file. */
  const lines = new WeakMap<ProjectSession, Promise<unknown>>()

  function inLine<Result>(session: ProjectSession, work: () => Promise<Result>): Promise<Result> {
    const result = (lines.get(session) ?? Promise.resolve()).then(work)
    lines.set(
      session,
      result.catch(() => {})
    )
    return result
  }

  return async (
    { model, head, pooled, row }: FilmHead,
    { by, count, otherInfants }: { by: NearestBy; count: number; otherInfants: boolean },
    { signal }: CallContext
  ): Promise<NearestFilms> => {
    const session = core.project()
    const kin = await featureKin(core, model)
    const { channels } = head
    const { file, ids, left } = await inLine(session, () =>
      extendVectorFile(session, kin, channels, GATHER_MS)
    )
    if (left > 0) return { state: 'gathering', done: ids.length, total: ids.length + left }

    const films = new Map((await session.studies.contexts()).map(film => [film.id, film]))
    const contexts = new Float32Array(2 * ids.length)
    const skipped = new Uint8Array(ids.length)
    ids.forEach((id, place) => {
      const film = films.get(id)
      const sameInfant = otherInfants && film?.patientId === row.patientId
      if (!film || id === row.id || sameInfant) skipped[place] = 1
      const { gaDays, bwGrams } = gateInput(model, film ?? { gaDays: null, bwGrams: null })
      contexts[2 * place] = gaDays
      contexts[2 * place + 1] = bwGrams
    })
    const own = gateInput(model, row)
    const gate = by === 'gated' ? head.gate(own.gaDays, own.bwGrams) : null
    const found = await worker.nearest(
      {
        method: model.card.method,
        weightsFile: model.weightsFile,
        scale: model.card.context,
        file,
        channels,
        contexts,
        skipped,
        query: gate ? pooled.map((value, c) => value * gate[c]!) : pooled,
        gated: gate !== null,
        count
      },
      { signal, priority: 1 }
    )
    const rows = await session.studies.rows(found.map(({ place }) => ids[place]!))
    const searched = skipped.reduce((sum, skip) => sum + 1 - skip, 0)
    return {
      state: 'found',
      modelId: model.id,
      by: gate ? 'gated' : 'pooled',
      searched,
      without: films.size - ids.filter(id => films.has(id)).length,
      neighbours: found.map(({ distance }, i) => ({ film: rows[i]!, distance }))
    } as NearestFilms
  }
}
