import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, connection, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import { toggleTag as withToggled } from '../../contract'
import type { ContextValue, Diagnosis, FilmDetail, LabelValue, Revision } from '../../contract'
import { blindDetail, blindRevisions } from './blind-view'
import { useBlinding } from './blinding'
import { useProject } from './project'
import { useReadingList } from './reading-list'
import { useSession } from './session'
import { useSitting } from './sitting'
import { createUnsavedChanges, sameFacts, sameLabel } from './unsaved-changes'
import type { Change, UnsavedChange } from './unsaved-changes'

export type Certainty = LabelValue['certainty']

/** What has become of the reader's last change. Only the core's own answer makes it 'saved'. */
export type SaveState =
  | { state: 'idle' }
  | { state: 'saving' }
  | { state: 'saved'; at: string; filmId: string }
  | { state: 'failed'; problem: Problem; retry: () => Promise<void> }
  /** Somebody changed the same film in the meantime: `theirs` is what stands now, `mine` what was not saved. */
  | { state: 'conflict'; mine: Change; theirs: FilmDetail }

/** Details kept of films left or coming up. */
const KEPT_DETAILS = 24
const HISTORY_LENGTH = 50

/** The film being read: what is known of it, and every change the reader makes to it. */
export const useReading = defineStore('reading', () => {
  const project = useProject()
  const session = useSession()
  const list = useReadingList()
  const blinding = useBlinding()
  const sitting = useSitting()

  const filmId = ref<string | null>(null)
  const stored = shallowRef<FilmDetail | null>(null)
  const storedRevisions = shallowRef<Revision[]>([])
  /** A label was saved on the film since it was opened. */
  const answered = ref(false)
  /** The same of findings and devices. */
  const tagged = ref(false)
  const viewer = computed(() => ({
    reader: session.settings?.readerName,
    answered: answered.value,
    tagged: tagged.value
  }))
  /** What may be shown of the film and its history: all of it, unless the reader is blinded to something. */
  const detail = computed(() => stored.value && blindDetail(stored.value, blinding.hides, viewer.value))
  const revisions = computed(() => blindRevisions(storedRevisions.value, blinding.hides, viewer.value))
  const problem = ref<Problem | null>(null)
  const save = shallowRef<SaveState>({ state: 'idle' })
  const unsaved = createUnsavedChanges(() => project.current?.folder)
  /** A change that was not saved on a film that the reader has left since: it must still be seen. */
  const lostAway = computed(() => unsaved.waiting.value.find(each => each.filmId !== filmId.value) ?? null)
  /** The label on its way to the core; undefined while none is. */
  const pending = shallowRef<LabelValue | null | undefined>(undefined)
  /** Findings and devices on their way to the core; undefined while none are. */
  const pendingTags = shallowRef<string[] | undefined>(undefined)
  /** Certainty of the next label on a film that has none yet. */
  const armedCertainty = ref<Certainty>('sure')
  /** Comment typed before there is a label to carry it. */
  const draftComment = ref('')

  const row = computed(() => detail.value?.row ?? null)
  /** The label as the reader last set it; it stands only once `pending` is undefined. */
  const label = computed(() => (pending.value === undefined ? (detail.value?.label ?? null) : pending.value))
  const certainty = computed(() => label.value?.certainty ?? armedCertainty.value)
  const comment = computed(() => label.value?.comment ?? draftComment.value)
  const unsavedTags = computed(() => {
    const change = unsaved.find(filmId.value, 'tags')?.change
    return change?.kind === 'tags' ? change.value : undefined
  })
  /** Findings and devices as the reader last set them; they stand only where `tagsWait` is false. */
  const tags = computed(() => pendingTags.value ?? unsavedTags.value ?? row.value?.tags ?? [])
  const tagsWait = computed(() => (pendingTags.value ?? unsavedTags.value) !== undefined)
  /** 1-based place in the reading list; null where the film is not in it. */
  const place = computed(() => {
    const index = filmId.value === null ? -1 : list.ids.indexOf(filmId.value)
    return index < 0 ? null : index + 1
  })

  const known = new Map<string, FilmDetail>()
  /** Changes go to the core one after another, each with the revision that the one before it made. */
  let writes: Promise<void> = Promise.resolve()
  let opening: Promise<void> = Promise.resolve()

  function remember(film: FilmDetail): void {
    known.delete(film.row.id)
    known.set(film.row.id, film)
    for (const id of known.keys()) {
      if (known.size <= KEPT_DETAILS) break
      known.delete(id)
    }
    if (film.row.id === filmId.value) {
      stored.value = film
      problem.value = null
    }
  }

  async function fetchDetail(id: string): Promise<FilmDetail> {
    const film = await api.films.get({ id })
    remember(film)
    return film
  }

  /** The infant's films, in time order, of a film that may not be on screen yet. Nothing about them but ids and times. */
  async function seriesOf(id: string): Promise<FilmDetail['series']> {
    return (known.get(id) ?? (await fetchDetail(id))).series
  }

  async function fetchHistory(film: FilmDetail): Promise<void> {
    const pages = await Promise.all(
      [film.row.id, film.row.patientId].map(subjectId =>
        api.history.list({ subjectId, before: null, limit: HISTORY_LENGTH })
      )
    )
    if (film.row.id === filmId.value) storedRevisions.value = pages.flat().sort((a, b) => b.seq - a.seq)
  }

  async function refresh(): Promise<void> {
    const id = filmId.value
    if (id === null) return
    try {
      await fetchHistory(await fetchDetail(id))
    } catch (error) {
      if (id === filmId.value) problem.value = toProblem(error)
    }
  }

  /** Goes to a film. Its place in the reading list, if it has one, becomes the place to go on from. */
  async function open(id: string): Promise<void> {
    if (id === filmId.value) return
    blinding.enterFilm()
    answered.value = false
    tagged.value = false
    filmId.value = id
    sitting.opened(id)
    if (list.ids.includes(id)) list.goTo(id)
    else if (list.ids.length === 0) list.take([id])
    stored.value = known.get(id) ?? null
    storedRevisions.value = []
    problem.value = null
    // That the last film was saved stays on screen after going on from it.
    if (save.value.state !== 'saved') save.value = { state: 'idle' }
    pending.value = undefined
    pendingTags.value = undefined
    armedCertainty.value = 'sure'
    draftComment.value = ''
    opening = refresh()
    await opening
    if (id === filmId.value) takeUpAgain(id)
    await Promise.allSettled(list.peekAhead(2).map(next => known.get(next) ?? fetchDetail(next)))
  }

  /** Shows what was not saved of a film when it was left. */
  function takeUpAgain(id: string): void {
    const entry = unsaved.waiting.value.find(each => each.filmId === id)
    if (!entry || save.value.state === 'saving') return
    if (entry.problem.code === 'CONFLICT' && detail.value) {
      unsaved.drop(id, entry.change.kind)
      save.value = { state: 'conflict', mine: entry.change, theirs: detail.value }
    } else showFailed(entry)
  }

  /** No film is read any more. */
  function close(): void {
    filmId.value = null
    stored.value = null
    storedRevisions.value = []
    save.value = { state: 'idle' }
  }

  /** Goes to the film whose change was not saved before it was left. */
  function openLostAway(): void {
    if (lostAway.value) void open(lostAway.value.filmId)
  }

  function dropLostAway(): void {
    if (lostAway.value) unsaved.drop(lostAway.value.filmId, lostAway.value.change.kind)
  }

  /** Sends everything that could not be saved once more, save what somebody else has overtaken: that is for the reader to say. */
  function retryUnsaved(): Promise<void> {
    for (const { filmId: id, change, problem: cause } of unsaved.waiting.value) {
      if (cause.code === 'CONFLICT') continue
      if (id === filmId.value) save.value = { state: 'saving' }
      writes = writes.then(() => {
        const waits = unsaved.find(id, change.kind)?.change === change
        return waits ? write(id, change) : undefined
      })
    }
    return writes
  }

  /** Next film of the reading list; from a film outside it, back to where the reader left it. Null at its end. */
  function next(): string | null {
    const id = place.value === null ? list.currentId : list.next()
    if (id !== null) void open(id)
    return id
  }

  function previous(): string | null {
    const id = place.value === null ? list.currentId : list.previous()
    if (id !== null) void open(id)
    return id
  }

  /** Saves a change of the film on screen after those before it. Never throws: `save` says what became of it. */
  function submit(change: Change): Promise<void> {
    const id = filmId.value
    if (id === null || !stored.value) return Promise.resolve()
    save.value = { state: 'saving' }
    unsaved.drop(id, change.kind)
    if (change.kind === 'label') pending.value = change.value
    if (change.kind === 'tags') pendingTags.value = change.value
    writes = writes.then(() => write(id, change))
    return writes
  }

  async function write(id: string, change: Change): Promise<void> {
    const seen = known.get(id)
    try {
      const saved = await send(seen ?? (await fetchDetail(id)), change)
      finish(id, change, saved)
    } catch (error) {
      const failure = toProblem(error)
      if (failure.code === 'CONFLICT') await meetConflict(id, change, seen, failure)
      else fail(id, change, failure)
    }
  }

  function finish(id: string, change: Change, saved: FilmDetail): void {
    settle(change)
    remember(saved)
    unsaved.drop(id, change.kind)
    // What stood in the way of this one, a full disk or a host that was gone, may stand in the way of the others no more.
    if (unsaved.waiting.value.length > 0) void retryUnsaved()
    if (change.kind === 'label' && change.value) sitting.labelled(id, change.value.diagnosis)
    if (id !== filmId.value) return
    if (change.kind === 'label') answered.value = true
    if (change.kind === 'tags') tagged.value = true
    save.value = { state: 'saved', at: new Date().toISOString(), filmId: id }
    if (change.kind === 'label' && change.advance && session.settings?.autoAdvance && next() !== null) return
    void fetchHistory(saved).catch(() => {})
  }

  function fail(id: string, change: Change, failure: Problem): void {
    settle(change)
    unsaved.keep(id, change, failure)
    if (id === filmId.value) showFailed({ change, problem: failure })
  }

  function showFailed({ change, problem: cause }: Pick<UnsavedChange, 'change' | 'problem'>): void {
    save.value = { state: 'failed', problem: cause, retry: () => submit(change) }
  }

  /** A change is no longer on its way; a later one may be. */
  function settle(change: Change): void {
    if (change.kind === 'label' && pending.value === change.value) pending.value = undefined
    if (change.kind === 'tags' && pendingTags.value === change.value) pendingTags.value = undefined
  }

  async function send(seen: FilmDetail, change: Change): Promise<FilmDetail> {
    const { id, patientId } = seen.row
    const { revision } = seen
    if (change.kind === 'label') return api.labelling.setLabel({ filmId: id, value: change.value, revision })
    if (change.kind === 'tags') return api.labelling.setTags({ filmId: id, tags: change.value, revision })
    await api.labelling.setContext({ patientId, value: change.value, reason: change.reason, revision })
    known.clear()
    return api.films.get({ id })
  }

  /** A change that only met news of other films is sent again; one that met another answer is put to the reader. */
  async function meetConflict(
    id: string,
    change: Change,
    seen: FilmDetail | undefined,
    conflict: Problem
  ): Promise<void> {
    try {
      const theirs = await fetchDetail(id)
      if (seen && sameFacts(change, seen, theirs)) finish(id, change, await send(theirs, change))
      else if (id === filmId.value) {
        settle(change)
        save.value = {
          state: 'conflict',
          mine: change,
          theirs: blindDetail(theirs, blinding.hides, viewer.value)
        }
      } else fail(id, change, conflict)
    } catch (error) {
      fail(id, change, toProblem(error))
    }
  }

  /** A key may come before the film's details: it is kept for the film that was on screen, and for no other. */
  async function onceKnown(action: () => Promise<unknown>): Promise<void> {
    const id = filmId.value
    await opening
    if (stored.value && id === filmId.value) await action()
  }

  /** Labels the film, keeping its certainty and comment. The same label by the same reader again only goes on. */
  function setLabel(diagnosis: Diagnosis): Promise<void> {
    if (!stored.value) return onceKnown(() => setLabel(diagnosis))
    const value: LabelValue = { diagnosis, certainty: certainty.value, comment: comment.value }
    return submitLabel(value, true)
  }

  function submitLabel(value: LabelValue, advance: boolean): Promise<void> {
    const mine = row.value?.labelledBy === session.settings?.readerName
    if (mine && label.value && sameLabel(label.value, value) && save.value.state !== 'saving') {
      if (advance && session.settings?.autoAdvance) next()
      return Promise.resolve()
    }
    return submit({ kind: 'label', value, advance })
  }

  /** Signs the label that stands and goes on; false where there is none to sign. */
  async function accept(): Promise<boolean> {
    const id = filmId.value
    if (!stored.value) await opening
    if (id !== filmId.value) return true
    if (!label.value) return false
    if (row.value?.labelledBy === session.settings?.readerName) {
      next()
      return true
    }
    await submit({ kind: 'label', value: label.value, advance: false })
    if (id === filmId.value && save.value.state === 'saved') next()
    return true
  }

  function removeLabel(): Promise<void> {
    return label.value ? submit({ kind: 'label', value: null, advance: false }) : Promise.resolve()
  }

  function toggleCertainty(): Promise<void> {
    const turned: Certainty = certainty.value === 'sure' ? 'unsure' : 'sure'
    if (label.value) return submitLabel({ ...label.value, certainty: turned }, false)
    armedCertainty.value = turned
    return Promise.resolve()
  }

  /** Saves the comment with the label; before there is one it is kept for it. */
  function setComment(text: string): Promise<void> {
    if (label.value) return submitLabel({ ...label.value, comment: text }, false)
    draftComment.value = text
    return Promise.resolve()
  }

  /** Adds a finding or device in place of another statement about it, or takes it away. */
  function toggleTag(tag: string): Promise<void> {
    return submit({ kind: 'tags', value: withToggled(tags.value, tag) })
  }

  function setContext(value: ContextValue, reason: string): Promise<void> {
    return submit({ kind: 'context', value, reason })
  }

  /** Settles a conflict: saves the reader's change on top of what stands now, or drops it. */
  function resolveConflict(keep: 'mine' | 'theirs'): Promise<void> {
    if (save.value.state !== 'conflict') return Promise.resolve()
    const { mine } = save.value
    save.value = { state: 'idle' }
    return keep === 'mine' ? submit(mine) : Promise.resolve()
  }

  watch(
    () => project.current?.folder,
    () => {
      filmId.value = null
      stored.value = null
      known.clear()
      list.take([])
    }
  )

  // A browser asks before it closes the page, and so does Electron's window.
  window.addEventListener('beforeunload', event => {
    if (unsaved.waiting.value.length > 0 || save.value.state === 'saving') event.preventDefault()
  })

  watch(connection, (state, before) => {
    if (state === 'open' && before === 'lost') void retryUnsaved()
  })

  let refreshQueued = false
  project.onChange(change => {
    if (change.areas.every(area => ['jobs', 'models', 'review'].includes(area))) return
    for (const [id, film] of known) {
      const concerned =
        change.filmIds === null || film.series.some(sibling => change.filmIds!.includes(sibling.id))
      if (concerned && id !== filmId.value) known.delete(id)
      else if (concerned && !refreshQueued) {
        refreshQueued = true
        writes = writes.then(() => {
          refreshQueued = false
          return refresh()
        })
      }
    }
  })

  return {
    filmId,
    detail,
    row,
    label,
    pending,
    tags,
    tagsWait,
    certainty,
    comment,
    revisions,
    problem,
    save,
    unsaved: unsaved.waiting,
    lostAway,
    place,
    open,
    seriesOf,
    close,
    openLostAway,
    dropLostAway,
    retryUnsaved,
    refresh,
    next,
    previous,
    setLabel,
    accept,
    removeLabel,
    toggleCertainty,
    setComment,
    toggleTag,
    setContext,
    resolveConflict
  }
})
