import { gateChange, softmaxOf } from '../../ml/explain'
import { modelDefinition } from '../../ml/models'
import type { CoreContext } from '../core-context'
import { gateInput, winner } from '../predictions'
import type { Services } from '../services'
import { createFilmHeads } from './film-head'

/** Ranks at which the change of the gate is drawn. */
const DRAWN_RANKS = 97

export function createExplainService(
  core: CoreContext,
  predictions: Services['predictions']
): Services['explain'] {
  const heads = createFilmHeads(core, predictions)

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
    }
  }
}
