import type { CoreContext, ProjectSession } from '../core-context'
import type { Services } from '../services'
import { blindingOf, hidesOfFilm, tells } from '../blinding'
import { planBulk } from './plan-bulk'
import type { BulkAction } from '../../../contract'

/** One action on many films: a preview, and then all of it or nothing. */
export function createBulkService(core: CoreContext): Services['bulk'] {
  async function planFor({ studies }: ProjectSession, filmIds: string[], action: BulkAction) {
    const blinding = await blindingOf(core)
    return planBulk(await studies.rows([...new Set(filmIds)]), action, (row, what) =>
      tells(what, hidesOfFilm(blinding, row.id))
    )
  }

  return {
    async preview({ filmIds, action }) {
      const session = core.project()
      const seen = await session.labels.head()
      const { summary } = await planFor(session, filmIds, action)
      return { ...summary, seen }
    },

    async apply({ filmIds, action, reason, seen }, { signal }) {
      const session = core.project()
      const { change } = await planFor(session, filmIds, action)
      const reader = core.settings.get().readerName
      const written = await session.underWay.run('change', signal, watching =>
        session.labels.changeMany({ ...change, reader, reason, seen }, watching)
      )
      if (written > 0) {
        if (change.labels.length > 0) {
          session.changes.publish(
            ['labels', 'films'],
            change.labels.map(({ filmId }) => filmId)
          )
        } else session.changes.publish(['clinical-context', 'films', 'predictions'])
      }
      return { changes: written }
    }
  }
}
