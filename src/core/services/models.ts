import type { Promotion } from '../../contract'
import { NeoGateError } from '../foundation'
import type { PromotionState, Revision } from '../label-store'
import {
  describeWarning,
  modelCardDocument,
  promotionWarnings,
  readModelFolder,
  type ListedModel
} from '../model-registry'
import { compareModels } from './compare-models'
import type { CoreContext } from './core-context'
import { modelInfoOf } from './model-building'
import { addProjectModel, noSuchModel, projectModels } from './project-models'
import type { Services } from './services'

export function createModelsService(core: CoreContext): Services['models'] {
  async function list() {
    const models = await projectModels(core)
    return models.map(model => modelInfoOf(model, model.active))
  }

  async function warningsAgainst(id: string) {
    const models = await projectModels(core)
    const current = models.find(model => model.active)
    return promotionWarnings(current?.card ?? null, find(models, id).card)
  }

  const reader = () => core.settings.get().readerName
  const tell = () => core.project().changes.publish(['models', 'predictions', 'films'])

  return {
    list,

    promotionCheck: async ({ id }) => ({ warnings: await warningsAgainst(id) }),

    async promote({ id, reason, confirm }) {
      const warnings = await warningsAgainst(id)
      if (warnings.length > 0 && !confirm) {
        throw new NeoGateError('CONFLICT', warnings.map(describeWarning).join(' '), {
          reason: 'promotion-gate',
          remedy:
            'To promote it all the same, confirm (--confirm on the command line) and say why in the reason.'
        })
      }
      if (!(await core.project().labels.promote({ modelId: id, reader: reader(), reason }))) {
        throw new NeoGateError('CONFLICT', 'This model is the active one already.', { field: 'id' })
      }
      tell()
      return list()
    },

    async rollback({ reason }) {
      await projectModels(core)
      await core.project().labels.rollBack({ reader: reader(), reason })
      tell()
      return list()
    },

    promotions: async () => (await core.project().labels.promotions()).map(toPromotion),

    async compare({ a, b, filmIds, scope }) {
      const models = await projectModels(core)
      return compareModels(core.project(), models, [find(models, a), find(models, b)], { filmIds, scope })
    },

    async card({ id }) {
      const { card, hash } = find(await projectModels(core), id)
      return { markdown: modelCardDocument(card, hash) }
    },

    async add({ folder }) {
      await addProjectModel(core, await readModelFolder(folder))
      core.project().changes.publish(['models'])
      return list()
    },

    providers: () => core.inference.providers()
  }
}

/** @throws NeoGateError NOT_FOUND */
function find<Model extends ListedModel>(models: readonly Model[], id: string): Model {
  const model = models.find(candidate => candidate.id === id)
  if (!model) throw noSuchModel(id)
  return model
}

function toPromotion({ seq, at, reader, reason, undoes, ...revision }: Revision): Promotion {
  return {
    seq,
    at,
    reader,
    reason,
    undoes,
    from: revision.old as PromotionState | null,
    to: revision.new as PromotionState
  }
}
