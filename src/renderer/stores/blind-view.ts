import { GIVES_AWAY } from '../../contract'
import type { FilmDetail, FilmQuery, FilmRow, QueueReason, Revision } from '../../contract'
import { hidesColumn } from './blind-table'
import type { Hides } from './hides'

/** Who looks, and whether the label on the film on screen is one that this reader has set just now. */
export interface Viewer {
  reader: string | undefined
  answered: boolean
  /** Findings or devices were set by this reader since the film came on screen. */
  tagged?: boolean
}

/** A film as a blinded reader may know it: what is hidden is not there, so that no panel has to remember to hide it. */
export function blindDetail(film: FilmDetail, hides: Hides, viewer: Viewer): FilmDetail {
  if (!Object.values(hides).some(Boolean)) return film
  const shown = showsLabel(film.row, hides, viewer)
  const viewerOf = (sibling: FilmRow) =>
    sibling.id === film.row.id ? viewer : { ...viewer, answered: false, tagged: false }
  return {
    ...film,
    row: blindRow(film.row, hides, shown, showsTags(film.row, hides, viewer)),
    label: shown ? film.label : null,
    // Folders and file names are often called after a class or a reader.
    file: '',
    series: film.series.map(sibling =>
      blindRow(
        sibling,
        hides,
        showsLabel(sibling, hides, viewerOf(sibling)),
        showsTags(sibling, hides, viewerOf(sibling))
      )
    )
  }
}

function showsLabel({ labelledBy }: FilmRow, hides: Hides, { reader, answered }: Viewer): boolean {
  return labelledBy !== null && labelledBy === reader ? answered || !hides.own : !hides.others
}

/** Findings that another reader noted tell of that reader's answer as much as the label does. */
function showsTags({ taggedBy }: FilmRow, hides: Hides, { reader, tagged }: Viewer): boolean {
  return taggedBy !== null && taggedBy === reader ? tagged === true || !hides.own : !hides.others
}

function blindRow(row: FilmRow, hides: Hides, showLabel: boolean, showTags: boolean): FilmRow {
  return {
    ...row,
    path: '',
    ...(showLabel ? {} : { label: null, certainty: null, labelledBy: null }),
    ...(showTags ? {} : { tags: [], taggedBy: null }),
    ...(hides.model ? { predicted: null, confidence: null } : {}),
    ...(hides.context ? { gaDays: null, bwGrams: null, sex: null, contextState: 'ok' as const } : {})
  }
}

/** The same films in an order that says nothing of what is hidden: a list sorted by confidence would give the model away. */
export function blindQuery(query: FilmQuery, hides: Hides): FilmQuery {
  return hidesColumn(query.sort.key, hides)
    ? { ...query, sort: { key: 'patientKey', direction: 'ascending' } }
    : query
}

/** Why a film is in a queue, without what would give away what is hidden. */
export function blindReasons(reasons: readonly QueueReason[], hides: Hides): QueueReason[] {
  return reasons.filter(({ kind }) => {
    const what = GIVES_AWAY[kind]
    return what === 'nothing' || !hides[what]
  })
}

/** The history that a blinded reader may see: entries about what is hidden are left out, as is whose label one replaced. */
export function blindRevisions(
  revisions: readonly Revision[],
  hides: Hides,
  { reader, answered, tagged }: Viewer
): Revision[] {
  const isMine = (state: unknown) => (state as { reader?: string } | null)?.reader === reader
  return revisions.flatMap((revision, place) => {
    if (revision.kind === 'clinical-context') return hides.context ? [] : [revision]
    if (!hides.others && !hides.own) return [revision]
    if (revision.kind === 'annotation') {
      const hidden = revision.reader === reader ? hides.own : hides.others
      return hidden ? [] : [revision]
    }
    const newest = revisions.findIndex(({ kind }) => kind === revision.kind) === place
    const mine = revision.reader === reader
    const justSaved = newest && (revision.kind === 'tags' ? tagged === true : answered)
    if (mine ? hides.own && !justSaved : hides.others) return []
    const keepsOld = isMine(revision.old) ? !hides.own : !hides.others
    const keepsNew = revision.new === null || isMine(revision.new)
    return [{ ...revision, old: keepsOld ? revision.old : null, new: keepsNew ? revision.new : null }]
  })
}
