/**
 * Why a table row, or one value of it, was not taken. The renderer and the CLI have a sentence and a remedy for each.
 *
 * The first group concerns the whole row: nothing of it is used. The second concerns one value: the rest of the row is
 * used, since a film with a label and no birth weight is worth more than no film.
 */
export const ROW_REASONS = [
  /** Row has more or fewer cells than the header, so that cells may stand in the wrong column. */
  'row-ragged',
  /** A quotation mark is opened and not closed, or followed by text. */
  'row-quotes',
  /** A label file of a JSON tree could not be read as one JSON object. */
  'json-unreadable',
  /** A mapped cell starts like a spreadsheet formula (=, @, or + or - before a letter); formulas are never evaluated. */
  'formula-cell',
  /** A mapped cell is longer than any value of its kind can be. */
  'cell-too-long',
  /** The row names neither film nor infant. */
  'key-missing',
  /** Several rows name the same film or infant; used once where they agree, not at all where they differ. */
  'duplicate-key',
  /** The key fits several films (e.g. the same file name in two folders). */
  'key-ambiguous',
  /** No film of the folder has this key. */
  'no-film',
  /** The film of this row was refused; see the film's own line. */
  'film-refused',

  'ga-unreadable',
  'ga-out-of-range',
  'bw-unreadable',
  'bw-out-of-range',
  'sex-unknown',
  'label-unknown',
  /** Several classes are marked in the yes-or-no columns of one row. */
  'label-several',
  'time-unreadable',
  /** A bare number such as 44927: spreadsheets count days from different origins, so it is not a date. */
  'time-excel-serial',
  /** 03/04/2023 may be March or April. */
  'time-ambiguous',
  /** Rows of one infant disagree on GA, birth weight or sex: none is taken. */
  'conflicting-context',
  /** A reader has set this value since; the table does not override a reader. */
  'reader-value-kept'
] as const
export type RowReason = (typeof ROW_REASONS)[number]

/** One thing wrong with a row. `detail` is one English sentence; it may quote the cell at fault, never a key. */
export interface RowProblem {
  reason: RowReason
  field: string | null
  detail: string
}
