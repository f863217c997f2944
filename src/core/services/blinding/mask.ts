import { COLUMN_TELLS, FACET_TELLS, GIVES_AWAY, TELLS_LABELS } from '../../../contract'
import type {
  Annotation,
  FacetKey,
  FilmDetail,
  FilmRow,
  QueueReason,
  Revision,
  StudyColumnKey
} from '../../../contract'
import type { Hidden } from '../../review-store'
import type { Veil } from '../../study-store'
import { hiddenKinds, hidesOfFilm, isBlinded, tells, type Blinding } from './reader-blinding'

type Signed = Pick<FilmRow, 'labelledBy' | 'taggedBy'>

/** What readers hold of a film is hidden by whose it is: the reader's own, or anybody else's. */
const isKept = (by: string | null, hides: Hidden, { reader }: Blinding) =>
  by === reader ? hides.own : hides.others

const labelHidden = ({ labelledBy }: Signed, hides: Hidden, blinding: Blinding) =>
  isKept(labelledBy, hides, blinding)
const tagsHidden = ({ taggedBy }: Signed, hides: Hidden, blinding: Blinding) =>
  isKept(taggedBy, hides, blinding)

/** A film without what is hidden of it from this reader. */
export function maskRow<Row extends FilmRow>(row: Row, blinding: Blinding): Row {
  const hides = hidesOfFilm(blinding, row.id)
  const hidden = hiddenKinds(hides)
  if (hidden.length === 0) return row
  return {
    ...row,
    // Folders and file names are often called after a class or a reader.
    path: '',
    ...(labelHidden(row, hides, blinding) ? { label: null, certainty: null, labelledBy: null } : {}),
    ...(tagsHidden(row, hides, blinding) ? { tags: [], taggedBy: null } : {}),
    ...(hides.model ? { predicted: null, confidence: null } : {}),
    ...(hides.context ? { gaDays: null, bwGrams: null, sex: null, contextState: 'ok' as const } : {}),
    hidden
  }
}

export function maskDetail(film: FilmDetail, blinding: Blinding): FilmDetail {
  const hides = hidesOfFilm(blinding, film.row.id)
  const masked = {
    ...film,
    row: maskRow(film.row, blinding),
    series: film.series.map(row => maskRow(row, blinding))
  }
  if (hiddenKinds(hides).length === 0) return masked
  return { ...masked, label: labelHidden(film.row, hides, blinding) ? null : film.label, file: '' }
}

/** What a filter, an order, a count or a search must not tell; null where nothing is hidden. */
export function veilOf(blinding: Blinding): Veil | null {
  if (!isBlinded(blinding)) return null
  return {
    key: blinding.key,
    filmIds: blinding.films.keys(),
    hides(film, by) {
      const what = FACET_TELLS[by as FacetKey] ?? COLUMN_TELLS[by as StudyColumnKey]
      if (!what) return false
      const hides = hidesOfFilm(blinding, film.id)
      const isSigned = by === 'finding' || by === 'device' ? tagsHidden : labelHidden
      return what.some(kind =>
        kind === 'model' || kind === 'context' ? hides[kind] : isSigned(film, hides, blinding)
      )
    }
  }
}

/** Why a film is in a queue, without what would tell something hidden. */
export function maskReasons(
  filmId: string,
  reasons: readonly QueueReason[],
  blinding: Blinding
): QueueReason[] {
  const hides = hidesOfFilm(blinding, filmId)
  return reasons.filter(reason => {
    // That a film has no label, or is still to be labelled, tells of it as well.
    if (reason.kind === 'unlabelled') return !tells(TELLS_LABELS, hides)
    if (reason.kind === 'ttn-rds-course' && tells(TELLS_LABELS, hidesOfFilm(blinding, reason.otherFilmId)))
      return false
    const what = GIVES_AWAY[reason.kind]
    return what === 'nothing' || !hides[what]
  })
}

/** Whether the history may show an entry: none of a film or an infant of which it would tell something hidden. */
export function showsRevision({ kind, subjectId, reader, at }: Revision, blinding: Blinding): boolean {
  if (kind === 'promotion' || kind === 'unblinding') return true
  if (kind === 'clinical-context') return !(blinding.infants.get(subjectId)?.context ?? false)
  const hides = hidesOfFilm(blinding, subjectId)
  if (kind === 'annotation') return !isKept(reader, hides, blinding) || isSince(blinding, subjectId, at)
  // A label of one's own names the one that it replaced.
  return !tells(TELLS_LABELS, hides)
}

/** The reader's annotations; where earlier answers are hidden, those drawn since the film is in hand. */
export function maskAnnotations(filmId: string, annotations: Annotation[], blinding: Blinding): Annotation[] {
  if (!hidesOfFilm(blinding, filmId).own) return annotations
  return annotations.filter(({ at }) => isSince(blinding, filmId, at))
}

function isSince({ inHand }: Blinding, filmId: string, at: string): boolean {
  const since = inHand.get(filmId)
  return since !== undefined && at >= since
}
