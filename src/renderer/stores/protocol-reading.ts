import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { AdjudicationReason, Diagnosis, QueueReason, ReadingTask } from '../../contract'
import { useBlinding } from './blinding'
import { useProject } from './project'
import { useReading, type Certainty } from './reading'
import { useReadingList } from './reading-list'
import { createStopWatch } from './stop-watch'

/** An answer that is being given. */
export interface DraftAnswer {
  diagnosis: Diagnosis | null
  certainty: Certainty
  comment: string
  reasonCodes: AdjudicationReason[]
}

export type Lack = 'diagnosis' | 'comment' | 'reasons'

const copy = (answer: DraftAnswer): DraftAnswer => ({ ...answer, reasonCodes: [...answer.reasonCodes] })
const blank = (): DraftAnswer => ({ diagnosis: null, certainty: 'sure', comment: '', reasonCodes: [] })

/**
 * Reading film after film of a protocol: what the core hands out, the reader's answer to it, and what is told afterwards. The
 * film stays the reader's through a crash: `begin` gives the same one again.
 */
export const useProtocolReading = defineStore('protocol-reading', () => {
  const blinding = useBlinding()
  const list = useReadingList()
  const reading = useReading()
  const project = useProject()

  /** What is read, from `begin` until `stop`. */
  const source = shallowRef<{ protocol: string; kind: ReadingTask['kind'] } | null>(null)
  const task = shallowRef<ReadingTask | null>(null)
  const answer = ref<DraftAnswer>(blank())
  const state = ref<'idle' | 'fetching' | 'reading' | 'saving' | 'saved' | 'finished'>('idle')
  const problem = ref<Problem | null>(null)
  /** The reader tried to commit without it. */
  const asked = ref<Lack | null>(null)
  /** Counts attempts to commit an answer that lacks something, so that each one is answered on screen. */
  const attempts = ref(0)
  /** What the reading that was saved last of this film said. */
  const saved = shallowRef<DraftAnswer | null>(null)
  /** Why the film is in the protocol, as told after the reading was saved. */
  const told = shallowRef<QueueReason[] | null>(null)
  /** The reading before this one, which may still be corrected. */
  const last = shallowRef<{ task: ReadingTask; answer: DraftAnswer } | null>(null)
  const watchOfFilm = createStopWatch()
  /** Seconds that films in hand were looked at before they were left, by task. */
  const lookedAt = new Map<string, number | null>()
  /** The film was in hand before this window knew of it: how long a reading takes cannot be told of it. */
  let untimed = false

  /** The film on screen is the one to read. */
  const onFilm = computed(() => task.value !== null && reading.filmId === task.value.filmId)
  const lacks = computed<Lack | null>(() => {
    const { diagnosis, certainty, comment, reasonCodes } = answer.value
    if (diagnosis === null) return 'diagnosis'
    if (task.value?.commentWhenUnsure && certainty === 'unsure' && comment.trim() === '') return 'comment'
    return task.value?.kind === 'adjudication' && reasonCodes.length === 0 ? 'reasons' : null
  })
  const changed = computed(
    () => saved.value !== null && JSON.stringify(saved.value) !== JSON.stringify(answer.value)
  )
  const canAnswer = computed(() => onFilm.value && (state.value === 'reading' || state.value === 'saved'))

  async function begin(protocol: string, kind: ReadingTask['kind']): Promise<void> {
    if (task.value && source.value?.protocol === protocol && source.value.kind === kind) return returnToFilm()
    source.value = { protocol, kind }
    last.value = null
    await fetchNext()
  }

  async function fetchNext(): Promise<void> {
    const wanted = source.value
    if (!wanted) return
    state.value = 'fetching'
    problem.value = null
    try {
      const next = await api.protocols.next({ ...wanted })
      if (wanted !== source.value) return
      if (next) await show(next, blank(), 'reading')
      else finish()
    } catch (error) {
      if (wanted !== source.value) return
      problem.value = toProblem(error)
      state.value = task.value ? 'saved' : 'idle'
    }
  }

  /** Hides before the film comes, never after. */
  async function show(next: ReadingTask, draft: DraftAnswer, as: 'reading' | 'saved'): Promise<void> {
    blinding.impose(next.hides)
    task.value = next
    answer.value = draft
    saved.value = as === 'saved' ? copy(draft) : null
    told.value = null
    asked.value = null
    problem.value = null
    state.value = as
    untimed = next.again && !lookedAt.has(next.id)
    watchOfFilm.reset(lookedAt.get(next.id) ?? null)
    list.take([next.filmId, ...next.ahead])
    await reading.open(next.filmId)
  }

  /** The film is left and stays in hand: its time goes on when it comes back. */
  function putAside(): void {
    if (!task.value || saved.value !== null || untimed) return
    lookedAt.set(task.value.id, watchOfFilm.seconds())
  }

  function finish(): void {
    task.value = null
    state.value = 'finished'
    list.take([])
  }

  function returnToFilm(): Promise<void> {
    return task.value ? reading.open(task.value.filmId) : Promise.resolve()
  }

  function setLabel(diagnosis: Diagnosis): void {
    if (!canAnswer.value) return
    answer.value.diagnosis = diagnosis
    if (asked.value === 'diagnosis') asked.value = null
  }

  function toggleCertainty(): void {
    if (canAnswer.value) answer.value.certainty = answer.value.certainty === 'sure' ? 'unsure' : 'sure'
  }

  function setComment(text: string): void {
    answer.value.comment = text
    if (asked.value === 'comment' && lacks.value !== 'comment') asked.value = null
  }

  function toggleReason(code: AdjudicationReason): void {
    const { reasonCodes } = answer.value
    answer.value.reasonCodes = reasonCodes.includes(code)
      ? reasonCodes.filter(each => each !== code)
      : [...reasonCodes, code]
    if (asked.value === 'reasons' && lacks.value !== 'reasons') asked.value = null
  }

  /** Commits the answer; of one that is committed and unchanged, goes on to the next film. */
  async function accept(): Promise<void> {
    if (!onFilm.value) return returnToFilm()
    if (state.value === 'saved' && !changed.value) return fetchNext()
    if (!canAnswer.value) return
    asked.value = lacks.value
    if (asked.value) attempts.value += 1
    else await commit()
  }

  async function commit(): Promise<void> {
    const current = task.value!
    const given = copy(answer.value)
    const before = state.value
    // Only the first reading is timed: a correction is not a reading.
    const seconds = saved.value === null && !untimed ? watchOfFilm.seconds() : null
    state.value = 'saving'
    problem.value = null
    try {
      const made = await api.protocols.commit({
        taskId: current.id,
        answer: { ...given, diagnosis: given.diagnosis!, seconds }
      })
      if (task.value !== current) return
      last.value = { task: current, answer: given }
      lookedAt.delete(current.id)
      saved.value = given
      if (!made.reveal) return await fetchNext()
      told.value = made.reasons
      state.value = 'saved'
      blinding.reveal()
    } catch (error) {
      if (task.value !== current) return
      problem.value = toProblem(error)
      state.value = before
    }
  }

  /** Back to the reading before this one, to correct it. The film in hand stays the reader's. */
  async function correctLast(): Promise<void> {
    const before = last.value
    if (!before || state.value === 'saving' || before.task === task.value) return
    putAside()
    await show(before.task, copy(before.answer), 'saved')
  }

  /** Gives the film in hand back unread; false where that failed. `stop` is to follow. */
  async function release(): Promise<boolean> {
    const current = task.value
    if (!current || saved.value !== null) return true
    try {
      await api.protocols.release({ taskId: current.id })
      lookedAt.delete(current.id)
      return true
    } catch (error) {
      problem.value = toProblem(error)
      return false
    }
  }

  /** Leaves the protocol; a film in hand stays the reader's until its time is over. */
  function stop(): void {
    putAside()
    source.value = null
    task.value = null
    last.value = null
    saved.value = null
    told.value = null
    problem.value = null
    answer.value = blank()
    state.value = 'idle'
    watchOfFilm.run(false)
    list.take([])
    // Before the veil is lifted: the film must not be seen without it on the way out.
    reading.close()
    blinding.lift()
  }

  /** Whether the film to read is really before the reader's eyes now. */
  function setLooking(looking: boolean): void {
    watchOfFilm.run(looking)
  }

  watch(
    () => project.current?.folder,
    () => {
      if (source.value) stop()
    }
  )

  return {
    source,
    task,
    answer,
    state,
    problem,
    asked,
    attempts,
    saved,
    told,
    last,
    onFilm,
    lacks,
    changed,
    canAnswer,
    begin,
    fetchNext,
    returnToFilm,
    setLabel,
    toggleCertainty,
    setComment,
    toggleReason,
    accept,
    correctLast,
    release,
    stop,
    setLooking
  }
})
