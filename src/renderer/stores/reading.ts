import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, connection, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import { toggleTag as withToggled } from '../../contract'
import type { ContextValue, Diagnosis, FilmDetail, LabelValue, Revision } from '../../contract'
import { blindDetail, blindRevisions } from './blind-view'
import { useBlinding } from './blinding'
import { createFilmDetails } from './film-details'
import { useProject } from './project'
import { useReadingList } from './reading-list'
import { createSaving } from './saving-changes'
import { useSession } from './session'
import { useSitting } from './sitting'
import { sameLabel } from './unsaved-changes'
import type { Change } from './unsaved-changes'

export type { SaveState } from './saving-changes'
export type Certainty = LabelValue['certainty']

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
  const details = createFilmDetails(film => {
    if (film.row.id !== filmId.value) return
    stored.value = film
    problem.value = null
  })
  const saving = createSaving({
    filmId,
    details,
    folder: () => project.current?.folder,
    shown: film => blindDetail(film, blinding.hides, viewer.value),
    onSaved(id, change) {
      if (change.kind === 'label' && change.value) sitting.labelled(id, change.value.diagnosis)
      if (id !== filmId.value) return
      if (change.kind === 'label') answered.value = true
      if (change.kind === 'tags') tagged.value = true
    },
    after(change, saved) {
      if (change.kind === 'label' && change.advance && session.settings?.autoAdvance && next() !== null)
        return
      void fetchHistory(saved).catch(() => {})
    }
  })
  const { save, unsaved, lostAway, pending, pendingTags } = saving
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

  watch(stored, film => blinding.know(film?.row.hidden ?? []), { flush: 'sync' })

  let opening: Promise<void> = Promise.resolve()

  /** The infant's films, in time order, of a film that may not be on screen yet. Nothing about them but ids and times. */
  async function seriesOf(id: string): Promise<FilmDetail['series']> {
    return (await details.find(id)).series
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
      await fetchHistory(await details.fetch(id))
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
    stored.value = details.get(id) ?? null
    storedRevisions.value = []
    problem.value = null
    saving.turnTo()
    armedCertainty.value = 'sure'
    draftComment.value = ''
    opening = refresh()
    await opening
    if (id === filmId.value) saving.takeUpAgain(id, detail.value)
    await Promise.allSettled(list.peekAhead(2).map(details.find))
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

  /** Saves a change of the film on screen. Never throws: `save` says what became of it. */
  function submit(change: Change): Promise<void> {
    const id = filmId.value
    return id === null || !stored.value ? Promise.resolve() : saving.submit(id, change)
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

  watch(
    () => project.current?.folder,
    () => {
      filmId.value = null
      stored.value = null
      details.clear()
      list.take([])
    }
  )

  // A browser asks before it closes the page, and so does Electron's window.
  window.addEventListener('beforeunload', event => {
    if (unsaved.waiting.value.length > 0 || save.value.state === 'saving') event.preventDefault()
  })

  watch(connection, (state, before) => {
    if (state === 'open' && before === 'lost') void saving.retryUnsaved()
  })

  let refreshQueued = false
  project.onChange(change => {
    if (change.areas.every(area => ['jobs', 'models', 'review'].includes(area))) return
    for (const film of details.all()) {
      const { id } = film.row
      const concerned =
        change.filmIds === null || film.series.some(sibling => change.filmIds!.includes(sibling.id))
      if (concerned && id !== filmId.value) details.forget(id)
      else if (concerned && !refreshQueued) {
        refreshQueued = true
        void saving.inTurn(() => {
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
    dropLostAway: saving.dropLostAway,
    retryUnsaved: saving.retryUnsaved,
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
    resolveConflict: saving.resolveConflict
  }
})
