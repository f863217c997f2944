import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import { revisionLine } from '../format'
import type { Revision } from '../../contract'
import { blindRevisions } from './blind-view'
import { useBlinding } from './blinding'
import { useChangesUnderWay } from './changes-under-way'
import { useNotices } from './notices'
import { useProject } from './project'
import { useSession } from './session'

const PAGE = 100

export interface Verification {
  intact: boolean
  entries: number
  broken: { seq: number; problem: string } | null
}

/** The append-only history: newest entries, undo and redo, and the check of its hash chain. */
export const useHistory = defineStore('history', () => {
  const notices = useNotices()
  const project = useProject()
  const session = useSession()
  const blinding = useBlinding()
  const underWay = useChangesUnderWay()
  const seqs = ref<number[]>([])
  const bySeq = shallowRef<ReadonlyMap<number, Revision>>(new Map())
  const complete = ref(false)
  const loaded = ref(false)
  const verification = ref<Verification | null>(null)
  const verifying = ref(false)
  const problem = ref<Problem | null>(null)
  /** What undo or redo did last in this window. */
  const lastStep = shallowRef<Revision | null>(null)
  let noticeId = 0
  const entries = computed(() => seqs.value.map(seq => bySeq.value.get(seq)!))

  async function fetchBefore(before: number | null): Promise<void> {
    try {
      const page = await api.history.list({ subjectId: null, before, limit: PAGE })
      const kept = before === null ? [] : entries.value
      const together = [...kept, ...page]
      bySeq.value = new Map(together.map(entry => [entry.seq, entry]))
      seqs.value = together.map(entry => entry.seq)
      complete.value = page.length < PAGE
      loaded.value = true
      problem.value = null
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  const load = () => fetchBefore(null)
  const loadingOlder = ref(false)
  async function loadOlder(): Promise<void> {
    loadingOlder.value = true
    await fetchBefore(seqs.value.at(-1) ?? null)
    loadingOlder.value = false
  }

  async function verify(): Promise<void> {
    verifying.value = true
    try {
      verification.value = await api.history.verify()
      problem.value = null
    } catch (error) {
      problem.value = toProblem(error)
    } finally {
      verifying.value = false
    }
  }

  /** Only the last step is on screen: one after another, they would cover the film. */
  function say(...notice: Parameters<typeof notices.show>): void {
    notices.dismiss(noticeId)
    noticeId = notices.show(...notice)
  }

  /** What a step changed, as far as a blinded reader may know it. */
  function lineFor(revision: Revision): string {
    // The core has left out what it brought back.
    if (revision.old === null && revision.new === null) return ''
    const viewer = { reader: session.settings?.readerName, answered: true }
    const [shown] = blindRevisions([revision], blinding.hides, viewer)
    return shown ? revisionLine(shown) : ''
  }

  async function step(direction: 'undo' | 'redo'): Promise<void> {
    // A second press while a large one is shown under way would take back one more than was meant.
    if (!project.isOpen || underWay.current) return
    try {
      const revision = await underWay.during(api.history[direction]())
      if (revision === null) {
        say('info', direction === 'undo' ? 'undo.nothingToUndo' : 'undo.nothingToRedo')
      } else {
        lastStep.value = revision
        const done = direction === 'undo' ? 'undone' : 'redone'
        if (revision.together > 1) say('ok', `undo.${done}.together`, { n: revision.together })
        else say('ok', `undo.${done}.${revision.kind}`, { what: lineFor(revision) })
      }
    } catch (error) {
      const failed = toProblem(error)
      if (failed.code === 'CANCELLED') say('info', 'underWay.cancelled')
      else notices.showProblem(failed)
    }
  }

  const undo = () => step('undo')
  const redo = () => step('redo')

  watch(
    () => project.current?.folder,
    () => {
      seqs.value = []
      bySeq.value = new Map()
      verification.value = null
      loaded.value = false
    }
  )
  project.onChange(change => {
    if (
      loaded.value &&
      change.areas.some(area => ['labels', 'clinical-context', 'models', 'review'].includes(area))
    )
      void load()
  })

  return {
    seqs,
    bySeq,
    entries,
    complete,
    loaded,
    verification,
    verifying,
    problem,
    lastStep,
    load,
    loadOlder,
    loadingOlder,
    verify,
    undo,
    redo
  }
})
