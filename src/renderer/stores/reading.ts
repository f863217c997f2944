import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { ContextValue, Diagnosis, FilmDetail, LabelValue, Revision } from '../../contract'
import { blindDetail, blindRevisions } from './blind-view'
import { useBlinding } from './blinding'
import { useProject } from './project'
import { useReadingList } from './reading-list'
import { useSession } from './session'

export type Certainty = LabelValue['certainty']

/** What has become of the reader's last change. Only the core's own answer makes it 'saved'. */
export type SaveState =
  | { state: 'idle' }
  | { state: 'saving' }
  | { state: 'saved'; at: string; filmId: string }
  | { state: 'failed'; problem: Problem; retry: () => Promise<void> }
  /** Somebody changed the same film in the meantime: `theirs` is what stands now, `mine` what was not saved. */
  | { state: 'conflict'; mine: Change; theirs: FilmDetail }

/** Something to save about the film on screen. */
export type Change =
  | { kind: 'label'; value: LabelValue | null; advance: boolean }
  | { kind: 'context'; value: ContextValue; reason: string }

/** Details kept of films left or coming up. */
const KEPT_DETAILS = 24
const HISTORY_LENGTH = 50

/** The film being read: what is known of it, and every change the reader makes to it. */
export const useReading = defineStore('reading', () => {
  const project = useProject()
  const session = useSession()
  const list = useReadingList()
  const blinding = useBlinding()

  const filmId = ref<string | null>(null)
  const stored = shallowRef<FilmDetail | null>(null)
  const storedRevisions = shallowRef<Revision[]>([])
  /** A label was saved on the film since it was opened. */
  const answered = ref(false)
  const viewer = computed(() => ({ reader: session.settings?.readerName, answered: answered.value }))
  /** What may be shown of the film and its history: all of it, unless the reader is blinded to something. */
  const detail = computed(() => stored.value && blindDetail(stored.value, blinding.hides, viewer.value))
  const revisions = computed(() => blindRevisions(storedRevisions.value, blinding.hides, viewer.value))
  const problem = ref<Problem | null>(null)
  const save = shallowRef<SaveState>({ state: 'idle' })
  /** A change that failed after the reader had gone on to another film: it must still be seen. */
  const lostAway = shallowRef<{ filmId: string; problem: Problem } | null>(null)
  /** The label on its way to the core; undefined while none is. */
  const pending = shallowRef<LabelValue | null | undefined>(undefined)
  /** Certainty of the next label on a film that has none yet. */
  const armedCertainty = ref<Certainty>('sure')
  /** Comment typed before there is a label to carry it. */
  const draftComment = ref('')

  const row = computed(() => detail.value?.row ?? null)
  /** The label as the reader last set it; it stands only once `pending` is undefined. */
  const label = computed(() => (pending.value === undefined ? (detail.value?.label ?? null) : pending.value))
  const certainty = computed(() => label.value?.certainty ?? armedCertainty.value)
  const comment = computed(() => label.value?.comment ?? draftComment.value)
  /** 1-based place in the reading list; null where the film is not in it. */
  const place = computed(() => {
    const index = filmId.value === null ? -1 : list.ids.indexOf(filmId.value)
    return index < 0 ? null : index + 1
  })

  const known = new Map<string, FilmDetail>()
  /** Changes go to the core one after another, each with the revision that the one before it made. */
  let writes: Promise<void> = Promise.resolve()

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
    filmId.value = id
    if (list.ids.includes(id)) list.goTo(id)
    else if (list.ids.length === 0) list.take([id])
    stored.value = known.get(id) ?? null
    storedRevisions.value = []
    problem.value = null
    // That the last film was saved stays on screen after going on from it.
    if (save.value.state !== 'saved') save.value = { state: 'idle' }
    pending.value = undefined
    armedCertainty.value = 'sure'
    draftComment.value = ''
    await refresh()
    await Promise.allSettled(list.peekAhead(2).map(next => known.get(next) ?? fetchDetail(next)))
  }

  /** Goes to the film whose change failed after it had been left. */
  function openLostAway(): void {
    const id = lostAway.value?.filmId
    lostAway.value = null
    if (id) void open(id)
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
    if (change.kind === 'label') pending.value = change.value
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
    if (id !== filmId.value) return
    if (change.kind === 'label') answered.value = true
    save.value = { state: 'saved', at: new Date().toISOString(), filmId: id }
    if (change.kind === 'label' && change.advance && session.settings?.autoAdvance && next() !== null) return
    void fetchHistory(saved).catch(() => {})
  }

  function fail(id: string, change: Change, failure: Problem): void {
    settle(change)
    if (id === filmId.value) save.value = { state: 'failed', problem: failure, retry: () => submit(change) }
    else lostAway.value = { filmId: id, problem: failure }
  }

  /** A change is no longer on its way; a later one may be. */
  function settle(change: Change): void {
    if (change.kind === 'label' && pending.value === change.value) pending.value = undefined
  }

  async function send(seen: FilmDetail, change: Change): Promise<FilmDetail> {
    const { id, patientId } = seen.row
    const { revision } = seen
    if (change.kind === 'label') return api.labelling.setLabel({ filmId: id, value: change.value, revision })
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
      if (seen && sameFacts(seen, theirs)) finish(id, change, await send(theirs, change))
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

  /** Labels the film, keeping its certainty and comment. The same label by the same reader again only goes on. */
  function setLabel(diagnosis: Diagnosis): Promise<void> {
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
    if (!label.value) return false
    if (row.value?.labelledBy === session.settings?.readerName) {
      next()
      return true
    }
    const id = filmId.value
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

  let refreshQueued = false
  project.onChange(change => {
    if (!change.areas.some(area => area !== 'jobs' && area !== 'models')) return
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
    certainty,
    comment,
    revisions,
    problem,
    save,
    lostAway,
    place,
    open,
    seriesOf,
    openLostAway,
    refresh,
    next,
    previous,
    setLabel,
    accept,
    removeLabel,
    toggleCertainty,
    setComment,
    setContext,
    resolveConflict
  }
})

function sameLabel(a: LabelValue | null, b: LabelValue | null): boolean {
  return a?.diagnosis === b?.diagnosis && a?.certainty === b?.certainty && a?.comment === b?.comment
}

/** True where nothing that a reader goes by differs, so that a change made on one holds on the other. */
function sameFacts(a: FilmDetail, b: FilmDetail): boolean {
  return (
    sameLabel(a.label, b.label) &&
    a.row.gaDays === b.row.gaDays &&
    a.row.bwGrams === b.row.bwGrams &&
    a.row.sex === b.row.sex
  )
}
