import type { Revision } from '../label-store'
import type { CoreContext, ProjectSession } from './core-context'
import type { Services } from './services'

export function createHistoryService(core: CoreContext): Services['history'] {
  async function tell({ studies, changes }: ProjectSession, revision: Revision | null) {
    if (revision?.kind === 'annotation') changes.publish(['annotations'], [revision.subjectId])
    else if (revision?.kind === 'label') changes.publish(['labels', 'films'], [revision.subjectId])
    else if (revision) {
      const filmIds = await studies.filmsOf(revision.subjectId)
      changes.publish(['clinical-context', 'films', 'predictions'], filmIds)
    }
    return revision
  }

  return {
    async undo() {
      const session = core.project()
      return tell(session, await session.labels.undo(core.settings.get().readerName))
    },
    async redo() {
      const session = core.project()
      return tell(session, await session.labels.redo(core.settings.get().readerName))
    },
    list: page => core.project().labels.list(page),
    async verify() {
      const { labels, review } = core.project()
      const history = await labels.verify()
      if (!history.intact) return history
      const readings = await review.verify()
      const { broken } = readings
      return {
        intact: readings.intact,
        entries: history.entries + readings.entries,
        broken: broken && { seq: broken.seq, problem: `reading: ${broken.problem}` }
      }
    }
  }
}
