import type { Revision, Step } from '../label-store'
import { blindingOf, showsRevision } from './blinding'
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

  async function turnOver(way: 'undo' | 'redo', signal?: AbortSignal) {
    const session = core.project()
    const reader = core.settings.get().readerName
    const step = await session.underWay.run(way, signal, watching => session.labels[way](reader, watching))
    return tell(session, step)
  }

  return {
    undo: (_, { signal }) => turnOver('undo', signal),
    redo: (_, { signal }) => turnOver('redo', signal),
    underWay: async (_, { signal }) => core.project().underWay.watch(signal),
    async cancel({ id }) {
      core.project().underWay.cancel(id)
      return null
    },
    /** Pages stay as long as they were asked for: what is left out must not look like the end. */
    async list({ subjectId, before, limit }) {
      const { labels } = core.project()
      const blinding = await blindingOf(core)
      const shown: Revision[] = []
      for (let from = before; ;) {
        const page = await labels.list({ subjectId, before: from, limit })
        shown.push(...page.filter(entry => showsRevision(entry, blinding)))
        if (page.length < limit || shown.length >= limit) return shown.slice(0, limit)
        from = page.at(-1)!.seq
      }
    },
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
