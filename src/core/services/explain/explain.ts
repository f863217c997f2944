import { gateChange, softmaxOf } from '../../ml/explain'
import { modelDefinition } from '../../ml/models'
import type { CoreContext } from '../core-context'
import { gateInput, winner } from '../predictions'
import type { CallContext, Services } from '../services'
import { noPooledFeatures } from './ensemble-job'
import { createFilmFeatures } from './film-features'
import { createFilmHeads, type FilmHead } from './film-head'
import { channelMapsOf, gateMapsOf, gateReportOf, hasGate } from './gate'
import { createNearestFilms } from './nearest-films'
import { createSaliency } from './saliency'
import { surfaceOf } from './surface'
import { createUncertainty } from './uncertainty'

/** Ranks at which the change of the gate is drawn. */
const DRAWN_RANKS = 97

export function createExplainService(
  core: CoreContext,
  predictions: Services['predictions']
): Services['explain'] {
  const heads = createFilmHeads(core, predictions)
  const features = createFilmFeatures(core)
  const nearest = createNearestFilms(core)
  const saliency = createSaliency(core, features)
  const uncertainty = createUncertainty(core)

  async function open({ filmId, modelId }: { filmId: string; modelId: string | null }) {
    const model = await heads.openModel(modelId)
    const [row] = await core.project().studies.rows([filmId])
    return { model, row: row! }
  }

  /** @throws NeoGateError INVALID_INPUT where the method has no features to search or to fit on */
  async function openHead(
    { filmId, modelId }: { filmId: string; modelId: string | null },
    context: CallContext
  ): Promise<FilmHead> {
    const model = await heads.openModel(modelId)
    const film = model.head?.channels === 0 ? null : await heads.open(filmId, model.id, context)
    if (!film) throw noPooledFeatures(model)
    return film
  }

  return {
    async whatIf({ filmId, modelId, gaDays, bwGrams }, context) {
      const model = await heads.openModel(modelId)
      const asked = { gaDays, bwGrams }
      const given = gateInput(model, asked)
      const film = await heads.open(filmId, model.id, context)
      if (!film) {
        const answer = await predictions.get({ filmId, modelId: model.id, context: asked }, context)
        const { probabilities, predicted } = answer
        return { modelId: model.id, entry: 'backbone', probabilities, predicted, ...given, gate: null }
      }
      const { head, pooled, row } = film
      const probabilities = softmaxOf(head.logits(pooled, given.gaDays, given.bwGrams))
      const recorded = gateInput(model, row)
      const before = head.gate(recorded.gaDays, recorded.bwGrams)
      const now = head.gate(given.gaDays, given.bwGrams)
      return {
        modelId: model.id,
        entry: modelDefinition(model.card.method).context,
        probabilities: Array.from(probabilities),
        predicted: winner(probabilities).predicted,
        ...given,
        gate: before && now && gateChange(before, now, DRAWN_RANKS)
      }
    },

    async describe(asked, context) {
      const { model, row } = await open(asked)
      const answer = await predictions.get({ ...asked, modelId: model.id, context: null }, context)
      const definition = modelDefinition(model.card.method)
      return {
        modelId: model.id,
        method: model.card.method,
        trained: model.card.trained,
        entry: definition.context,
        gate: hasGate(model, row),
        image: definition.backbone !== null,
        probabilities: answer.probabilities,
        predicted: answer.predicted,
        ...answer.context
      }
    },

    async maps({ diagnosis, ...asked }, context) {
      return gateMapsOf(core, features, { ...(await open(asked)), diagnosis }, context)
    },

    async channelMaps({ channels, ...asked }, context) {
      return channelMapsOf(features, { ...(await open(asked)), channels }, context)
    },

    async gate({ diagnosis, ...asked }, context) {
      const model = await heads.openModel(asked.modelId)
      const film = await heads.open(asked.filmId, model.id, context)
      return gateReportOf(core, features, film, model, diagnosis)
    },

    async surface({ filmId, modelId }, context) {
      const model = await heads.openModel(modelId)
      return surfaceOf(await heads.open(filmId, model.id, context), model.card.method)
    },

    async nearest({ by, count, otherInfants, ...asked }, context) {
      return nearest(await openHead(asked, context), { by, count, otherInfants }, context)
    },

    async ensemble({ modelId }) {
      return { ensemble: await uncertainty.ensemble(await heads.openModel(modelId)) }
    },

    async fitEnsemble({ modelId, members }) {
      const model = await heads.openModel(modelId)
      return { jobId: await core.project().jobs.start('ensemble', { modelId: model.id, members }) }
    },

    async uncertainty(asked, context) {
      return uncertainty.of(await openHead(asked, context))
    },

    async saliency({ diagnosis, ...asked }, context) {
      return saliency.gradient({ ...(await open(asked)), diagnosis }, context)
    },

    async occlusion({ diagnosis, ...asked }, context) {
      return saliency.occlude({ ...(await open(asked)), diagnosis }, context)
    }
  }
}
