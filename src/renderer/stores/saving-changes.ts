import { computed, shallowRef, type Ref } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { FilmDetail, LabelValue } from '../../contract'
import type { FilmDetails } from './film-details'
import { createUnsavedChanges, sameFacts } from './unsaved-changes'
import type { Change, UnsavedChange } from './unsaved-changes'

/** What has become of the reader's last change. Only the core's own answer makes it 'saved'. */
export type SaveState =
  | { state: 'idle' }
  | { state: 'saving' }
  | { state: 'saved'; at: string; filmId: string }
  | { state: 'failed'; problem: Problem; retry: () => Promise<void> }
  | { state: 'refused'; problem: Problem }
  /** Somebody changed the same film in the meantime: `theirs` is what stands now, `mine` what was not saved. */
  | { state: 'conflict'; mine: Change; theirs: FilmDetail }

/**
 * The reader's changes on their way to the core, one after another, each with the revision that the one before it made; what
 * could not be saved is kept and sent again.
 */
export function createSaving(reading: {
  filmId: Readonly<Ref<string | null>>
  details: FilmDetails
  folder(): string | undefined
  /** What of a film the reader may see. */
  shown(film: FilmDetail): FilmDetail
  /** A change was saved; of the film on screen, before `after`. */
  onSaved(id: string, change: Change): void
  /** A change of the film on screen was saved, and that is told. */
  after(change: Change, saved: FilmDetail): void
}) {
  const { filmId, details } = reading
  const save = shallowRef<SaveState>({ state: 'idle' })
  const unsaved = createUnsavedChanges(reading.folder)
  /** A change that was not saved on a film that the reader has left since: it must still be seen. */
  const lostAway = computed(() => unsaved.waiting.value.find(each => each.filmId !== filmId.value) ?? null)
  /** The label on its way to the core; undefined while none is. */
  const pending = shallowRef<LabelValue | null | undefined>(undefined)
  /** Findings and devices on their way to the core; undefined while none are. */
  const pendingTags = shallowRef<string[] | undefined>(undefined)
  let writes: Promise<void> = Promise.resolve()

  /** Does something once what was changed before has been dealt with. */
  function inTurn(work: () => Promise<void> | undefined): Promise<void> {
    writes = writes.then(work)
    return writes
  }

  /** Another film is on screen; that the last one was saved stays there. */
  function turnTo(): void {
    if (save.value.state !== 'saved') save.value = { state: 'idle' }
    pending.value = undefined
    pendingTags.value = undefined
  }

  /** Shows what was not saved of a film when it was left. */
  function takeUpAgain(id: string, film: FilmDetail | null): void {
    const entry = unsaved.waiting.value.find(each => each.filmId === id)
    if (!entry || save.value.state === 'saving') return
    if (entry.problem.code === 'CONFLICT' && film) {
      unsaved.drop(id, entry.change.kind)
      save.value = { state: 'conflict', mine: entry.change, theirs: film }
    } else showFailed(entry)
  }

  function dropLostAway(): void {
    if (lostAway.value) unsaved.drop(lostAway.value.filmId, lostAway.value.change.kind)
  }

  /** Sends everything that could not be saved once more, save what somebody else has overtaken: that is for the reader to say. */
  function retryUnsaved(): Promise<void> {
    for (const { filmId: id, change, problem: cause } of unsaved.waiting.value) {
      if (cause.code === 'CONFLICT') continue
      if (id === filmId.value) save.value = { state: 'saving' }
      void inTurn(() => {
        const waits = unsaved.find(id, change.kind)?.change === change
        return waits ? write(id, change) : undefined
      })
    }
    return writes
  }

  /** Saves a change of the film on screen after those before it. Never throws: `save` says what became of it. */
  function submit(id: string, change: Change): Promise<void> {
    save.value = { state: 'saving' }
    unsaved.drop(id, change.kind)
    if (change.kind === 'label') pending.value = change.value
    if (change.kind === 'tags') pendingTags.value = change.value
    return inTurn(() => write(id, change))
  }

  async function write(id: string, change: Change): Promise<void> {
    const seen = details.get(id)
    try {
      const saved = await send(seen ?? (await details.fetch(id)), change)
      finish(id, change, saved)
    } catch (error) {
      const failure = toProblem(error)
      if (failure.code === 'CONFLICT') await meetConflict(id, change, seen, failure)
      else if (failure.code === 'BLINDED') refused(id, change, failure)
      else fail(id, change, failure)
    }
  }

  function finish(id: string, change: Change, saved: FilmDetail): void {
    settle(change)
    details.keep(saved)
    unsaved.drop(id, change.kind)
    // What stood in the way of this one, a full disk or a host that was gone, may stand in the way of the others no more.
    if (unsaved.waiting.value.length > 0) void retryUnsaved()
    reading.onSaved(id, change)
    if (id !== filmId.value) return
    save.value = { state: 'saved', at: new Date().toISOString(), filmId: id }
    reading.after(change, saved)
  }

  function fail(id: string, change: Change, failure: Problem): void {
    settle(change)
    unsaved.keep(id, change, failure)
    if (id === filmId.value) showFailed({ change, problem: failure })
  }

  /** A film that waits for a blinded reading is answered there: what was tried here is said, and not kept to be tried again. */
  function refused(id: string, change: Change, failure: Problem): void {
    settle(change)
    if (id === filmId.value) save.value = { state: 'refused', problem: failure }
  }

  function showFailed({ change, problem }: Pick<UnsavedChange, 'change' | 'problem'>): void {
    const id = filmId.value!
    save.value = { state: 'failed', problem, retry: () => submit(id, change) }
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
    details.clear()
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
      const theirs = await details.fetch(id)
      if (seen && sameFacts(change, seen, theirs)) finish(id, change, await send(theirs, change))
      else if (id === filmId.value) {
        settle(change)
        save.value = { state: 'conflict', mine: change, theirs: reading.shown(theirs) }
      } else fail(id, change, conflict)
    } catch (error) {
      fail(id, change, toProblem(error))
    }
  }

  /** Settles a conflict: saves the reader's change on top of what stands now, or drops it. */
  function resolveConflict(keep: 'mine' | 'theirs'): Promise<void> {
    if (save.value.state !== 'conflict') return Promise.resolve()
    const { mine } = save.value
    save.value = { state: 'idle' }
    return keep === 'mine' && filmId.value !== null ? submit(filmId.value, mine) : Promise.resolve()
  }

  return {
    save,
    unsaved,
    lostAway,
    pending,
    pendingTags,
    inTurn,
    turnTo,
    takeUpAgain,
    dropLostAway,
    retryUnsaved,
    submit,
    resolveConflict
  }
}
