import { computed, shallowRef } from 'vue'
import type { Problem } from '../api-client'
import type { ContextValue, FilmDetail, LabelValue } from '../../contract'

/** Something to save about a film. */
export type Change =
  | { kind: 'label'; value: LabelValue | null; advance: boolean }
  /** Findings, lines and tubes: all that the film is to have. */
  | { kind: 'tags'; value: string[] }
  | { kind: 'context'; value: ContextValue; reason: string }

/** A change that could not be saved: it stays here until it is saved, replaced by a newer one of its kind, or dropped. */
export interface UnsavedChange {
  /** Folder of the project that it belongs to. */
  project: string
  filmId: string
  change: Change
  problem: Problem
}

/** @param project folder of the open project */
export function createUnsavedChanges(project: () => string | undefined) {
  const kept = shallowRef<readonly UnsavedChange[]>([])
  /** Of the open project, oldest first. */
  const waiting = computed(() => kept.value.filter(each => each.project === project()))

  function drop(filmId: string, kind: Change['kind']): void {
    if (find(filmId, kind))
      kept.value = kept.value.filter(each => each.filmId !== filmId || each.change.kind !== kind)
  }

  function keep(filmId: string, change: Change, problem: Problem): void {
    drop(filmId, change.kind)
    kept.value = [...kept.value, { project: project() ?? '', filmId, change, problem }]
  }

  function find(filmId: string | null, kind: Change['kind']): UnsavedChange | undefined {
    return waiting.value.find(each => each.filmId === filmId && each.change.kind === kind)
  }

  return { waiting, keep, drop, find }
}

export function sameLabel(a: LabelValue | null, b: LabelValue | null): boolean {
  return a?.diagnosis === b?.diagnosis && a?.certainty === b?.certainty && a?.comment === b?.comment
}

/** True where nothing that a change goes by differs, so that one made on one version holds on the other. */
export function sameFacts({ kind }: Change, a: FilmDetail, b: FilmDetail): boolean {
  if (kind === 'tags') return a.row.tags.join() === b.row.tags.join()
  return (
    sameLabel(a.label, b.label) &&
    a.row.gaDays === b.row.gaDays &&
    a.row.bwGrams === b.row.bwGrams &&
    a.row.sex === b.row.sex
  )
}
