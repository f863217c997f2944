import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api } from '../api-client'
import { DIAGNOSES, type Diagnosis, type Revision } from '../../contract'
import { usePrediction } from './prediction'
import { useProject } from './project'
import { useSession } from './session'
import { useWhatIf } from './what-if'

export const FIRST_STEPS = ['open', 'read', 'correct', 'change'] as const
export type FirstStep = (typeof FIRST_STEPS)[number]

export const FILMS_TO_READ = 10
/** Newest entries of the history that are looked at: more than the first steps make. */
const ENTRIES = 200
const BY_IMPORT = 'import: '

export interface Given {
  gaDays: number
  bwGrams: number
}

/** The class whose probability moved most when the network was given another GA or BW. */
export interface AnswerChange {
  diagnosis: Diagnosis
  from: number
  to: number
  before: Given
  after: Given
}

/** Films that readers have labelled, and whether GA or BW was corrected, by the newest entries of the history. */
export function doneIn(entries: readonly Revision[]): { read: number; corrected: boolean } {
  const newest = new Map<string, Revision>()
  for (const entry of entries) {
    if (entry.reader.startsWith(BY_IMPORT)) continue
    const key = `${entry.kind} ${entry.subjectId}`
    if (!newest.has(key)) newest.set(key, entry)
  }
  const standing = [...newest.values()].filter(entry => entry.undoes === null && entry.new !== null)
  return {
    read: standing.filter(entry => entry.kind === 'label').length,
    corrected: standing.some(entry => entry.kind === 'clinical-context')
  }
}

/** @returns null where both were given the same */
export function answerChange(
  before: { probabilities: readonly number[]; context: Given },
  after: { probabilities: readonly number[]; context: Given }
): AnswerChange | null {
  const same = (['gaDays', 'bwGrams'] as const).every(key => before.context[key] === after.context[key])
  if (same) return null
  const moved = after.probabilities.map((p, k) => Math.abs(p - before.probabilities[k]!))
  const most = moved.indexOf(Math.max(...moved))
  return {
    diagnosis: DIAGNOSES[most]!,
    from: before.probabilities[most]!,
    to: after.probabilities[most]!,
    before: before.context,
    after: after.context
  }
}

/** What a newcomer has done of the first steps, seen from what was really done and never from what was clicked away. */
export const useFirstSteps = defineStore('first-steps', () => {
  const session = useSession()
  const project = useProject()
  const prediction = usePrediction()
  const whatIf = useWhatIf()

  const read = ref(0)
  const corrected = ref(false)
  /** Of this session; that there was one is kept in the settings. */
  const change = shallowRef<AnswerChange | null>(null)

  let asked = 0

  async function refresh(): Promise<void> {
    if (!project.isOpen) return
    const asking = ++asked
    try {
      const entries = await api.history.list({ subjectId: null, before: null, limit: ENTRIES })
      if (asking !== asked) return
      ;({ read: read.value, corrected: corrected.value } = doneIn(entries))
    } catch {
      // The next change asks again; the marks are only late until then.
    }
  }

  function note(seen: AnswerChange | null): void {
    if (!seen) return
    change.value = seen
    const steps = session.settings?.firstSteps
    if (steps && !steps.answerSeen) void session.change({ firstSteps: { ...steps, answerSeen: true } })
  }

  watch(
    () => prediction.prediction,
    (now, before) => {
      if (now && before && now.filmId === before.filmId) note(answerChange(before, now))
    }
  )
  watch(
    () => whatIf.answer,
    answer => {
      const recorded = prediction.prediction
      if (answer && recorded) note(answerChange(recorded, { ...answer, context: answer }))
    }
  )
  watch(() => project.current?.folder, refresh, { immediate: true })
  project.onChange(({ areas }) => {
    if (areas.includes('labels') || areas.includes('clinical-context')) void refresh()
  })

  const done = computed<Record<FirstStep, boolean>>(() => ({
    open: project.isOpen,
    read: read.value >= FILMS_TO_READ,
    correct: corrected.value,
    change: session.settings?.firstSteps.answerSeen ?? false
  }))
  const current = computed(() => FIRST_STEPS.find(step => !done.value[step]) ?? null)

  const dismiss = () => session.change({ firstSteps: { answerSeen: done.value.change, dismissed: true } })

  return { read, change, done, current, dismiss }
})
