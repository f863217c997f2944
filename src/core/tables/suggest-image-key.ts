import type { ColumnProfile } from './column-profile'
import { aliasScore } from './column-aliases'
import { cellKey, filmKey, parallelKey, type FilmKeys } from './image-key'
import type { ImageKeyKind } from './mapping'
import { PATH_COLUMN } from './record'

export interface ImageKeyGuess {
  column: string | null
  kind: ImageKeyKind
  /** Share of the sampled cells that name a film of the folder; null where no folder was given. */
  matched: number | null
}

const KINDS = ['path', 'name', 'stem'] as const
const SAMPLE = 400

/** A UID: digits in dotted components, long enough not to be a number or a version. */
const isUid = (cell: string) => /^[0-2](?:\.\d+){4,}$/.test(cell) && cell.length > 16 && cell.length <= 64

function kindByShape(column: ColumnProfile): ImageKeyKind {
  const cells = column.sample.slice(0, SAMPLE)
  const share = (test: (cell: string) => boolean) => cells.filter(test).length / Math.max(1, cells.length)
  if (share(isUid) > 0.5) return 'sop-instance-uid'
  if (share(cell => /[/\\]/.test(cell)) > 0.5) return 'path'
  return share(cell => /\.(?:dcm|dicom|dic|png|jpe?g|tiff?)$/i.test(cell)) > 0.5 ? 'name' : 'stem'
}

/**
 * The column and kind of key that name most films of the folder; without a folder, or where none matches, the column with
 * a known name, its kind told from the look of its values.
 * @param films of the folder, or null
 * @param folder absolute study folder, or null
 * @param treeRoot absolute folder of a JSON tree, else null
 */
export function suggestImageKey(
  columns: readonly ColumnProfile[],
  films: readonly FilmKeys[] | null,
  folder: string | null,
  treeRoot: string | null
): ImageKeyGuess {
  let best: ImageKeyGuess & { score: number } = {
    column: null,
    kind: 'stem',
    matched: films ? 0 : null,
    score: 0
  }
  const offer = (column: ColumnProfile, kind: ImageKeyKind, matched: number) => {
    const score = matched + aliasScore('imageKey', column.name) / 1000
    if (matched >= 0.2 && score > best.score) best = { column: column.name, kind, matched, score }
  }
  if (films && films.length > 0 && folder !== null) {
    const keys = Object.fromEntries(
      KINDS.map(kind => [kind, new Set(films.map(film => filmKey(film, kind)!))])
    )
    const parallel = treeRoot === null ? null : new Set(films.map(film => parallelKey(folder, film.path)))
    for (const column of columns) {
      const cells = column.sample.slice(0, SAMPLE)
      if (cells.length === 0) continue
      const share = (test: (cell: string) => boolean) => cells.filter(test).length / cells.length
      if (parallel && column.name === PATH_COLUMN) {
        offer(
          column,
          'path',
          share(cell => parallel.has(parallelKey(treeRoot!, cell)))
        )
        offer(column, 'stem', share(cell => keys.stem!.has(cellKey(cell, 'stem', folder))) - 0.01)
        continue
      }
      for (const kind of KINDS)
        offer(
          column,
          kind,
          share(cell => keys[kind]!.has(cellKey(cell, kind, folder)))
        )
    }
  }
  if (best.column !== null) return { column: best.column, kind: best.kind, matched: best.matched }

  const uid = columns.find(
    column => kindByShape(column) === 'sop-instance-uid' && aliasScore('imageKey', column.name) > 0
  )
  const named =
    uid ??
    columns.find(column => treeRoot !== null && column.name === PATH_COLUMN) ??
    columns.find(column => aliasScore('imageKey', column.name) === 2) ??
    columns.find(column => aliasScore('imageKey', column.name) === 1)
  if (!named) return best
  return {
    column: named.name,
    kind: named.name === PATH_COLUMN ? 'path' : kindByShape(named),
    matched: best.matched
  }
}
