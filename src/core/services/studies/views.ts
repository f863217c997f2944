import type { StudyView } from '../../../contract'
import type { CoreContext } from '../core-context'
import type { Services } from '../services'

export function createViewsService(core: CoreContext): Services['views'] {
  return {
    list: async () => (await core.project().views.list()) as StudyView[],

    async save(view) {
      const { views, changes } = core.project()
      const saved = await views.save({ ...view, changedBy: core.settings.get().readerName })
      changes.publish(['views'])
      return saved as StudyView
    },

    async remove({ id }) {
      const { views, changes } = core.project()
      await views.remove(id)
      changes.publish(['views'])
      return null
    }
  }
}
