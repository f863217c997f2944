import type { Step } from '../label-store'
import type { CoreContext, ProjectSession } from './core-context'
import type { Services } from './services'

export function createHistoryService(core: CoreContext): Services['history'] {
  async function tell({ studies, changes }: ProjectSession, step: Step | null) {
    if (!step) return null
    const { subjectIds, ...revision } = step
    if (step.kind === 'annotation') changes.publish(['annotations'], subjectIds)
    else if (step.kind === 'label' || step.kind === 'tags') changes.publish(['labels', 'films'], subjectIds)
    else {
      // Of many infants, every screen looks at everything again.
      const filmIds = subjectIds.length === 1 ? await studies.filmsOf(step.subjectId) : undefined
      changes.publish(['clinical-context', 'films', 'predictions'], filmIds)
    }
    return { ...revision, together: subjectIds.length }
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
