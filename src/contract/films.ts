import { z } from 'zod'
import { procedure } from './base'
import { blindTo } from './blinding'
import { filmTags } from './film-tags'
import { splitSide } from './splits'
import { certainty, diagnosis, filmId, patientId, sex, timestamp } from './values'

export const contextState = z.enum(['ok', 'missing', 'warn', 'confirm', 'blocked'])

/** One film as the Studies table shows it. */
export const filmRow = z.object({
  id: filmId,
  patientId,
  patientKey: z.string(),
  site: z.string(),
  /** Path below its study folder. */
  path: z.string(),
  filmTime: z.string().nullable(),
  /** Hours between birth and film; null where either time is missing. */
  ageHours: z.number().nullable(),
  viewPosition: z.string().nullable(),
  sex: sex.nullable(),
  gaDays: z.int().nullable(),
  bwGrams: z.int().nullable(),
  contextState,
  label: diagnosis.nullable(),
  certainty: certainty.nullable(),
  labelledBy: z.string().nullable(),
  /** Secondary findings, lines and tubes. */
  tags: filmTags,
  taggedBy: z.string().nullable(),
  predicted: diagnosis.nullable(),
  /** Probability of the predicted class. */
  confidence: z.number().nullable(),
  /** Side in the newest split; null where the film is not in it. */
  splitSide: splitSide.nullable(),
  /** 1-based place among the infant's films in time order, and how many there are. */
  filmNumber: z.int(),
  filmCount: z.int(),
  /** True where the file could not be found or decoded at last sight. */
  missing: z.boolean(),
  /** What an open protocol hides of this film from the reader who asks; the fields that would tell it are empty. Absent: nothing. */
  hidden: z.array(blindTo).optional()
})
export type FilmRow = z.infer<typeof filmRow>

export const facetKey = z.enum([
  'site',
  'label',
  'labelState',
  'finding',
  'device',
  'predicted',
  'agreement',
  'confidenceBand',
  'contextState',
  'gaBand',
  'bwBand',
  'ageBand',
  'sex',
  'certainty',
  'splitSide',
  'hasPrior',
  'viewPosition'
])
export type FacetKey = z.infer<typeof facetKey>

/** Films that another screen has handed over under a name: behind a count, in a queue. Kept in the project. */
export const filmSet = z.object({ id: z.string().regex(/^[a-z2-7]{26}$/), name: z.string(), films: z.int() })
export type FilmSet = z.infer<typeof filmSet>

/**
 * Chosen values per facet (any of them), all facets together, plus text found in patient key, path or site.
 * label: a class or 'unlabelled'; labelState: 'reader' | 'import' | 'unlabelled'; predicted: a class or 'none';
 * agreement: 'agree' | 'disagree' | 'unknown'; confidenceBand: '<50' | '50-69' | '70-89' | '>=90' (per cent) or 'none';
 * finding: a secondary finding's code, whatever its side, or 'none'; device: a line's or tube's tag, 'misplaced' for any that is neither
 * absent nor well placed, or 'none'; a film has several of either;
 * splitSide: a side of the newest split or 'none'; hasPrior: 'yes' | 'no'; sex and other bands as in
 * core/domain/clinical-context or 'unknown'. set: only films of this set.
 */
export const filmFilter = z.object({
  text: z.string().max(200).default(''),
  /** 'names' leaves the path out of the search: folders are often called after a class. */
  textIn: z.enum(['all', 'names']).optional(),
  facets: z.partialRecord(facetKey, z.array(z.string())).default({}),
  set: filmSet.shape.id.optional()
})
export type FilmFilter = z.infer<typeof filmFilter>

export const sortKey = z.enum([
  'patientKey',
  'site',
  'filmTime',
  'ageHours',
  'gaDays',
  'bwGrams',
  'contextState',
  'label',
  'predicted',
  'confidence',
  'path',
  'viewPosition',
  'sex',
  'labelledBy',
  'splitSide'
])
export const filmSort = z.object({ key: sortKey, direction: z.enum(['ascending', 'descending']) })
export type FilmSort = z.infer<typeof filmSort>

export const filmQuery = z.object({
  filter: filmFilter,
  /** Missing values come last in either direction; ties fall to infant, then film time, then id. */
  sort: filmSort.default({ key: 'patientKey', direction: 'ascending' })
})
export type FilmQuery = z.infer<typeof filmQuery>

/** A column of a row as it is written to a file. */
export const exportColumn = filmRow.omit({ id: true, hidden: true }).keyof()
export type ExportColumn = z.infer<typeof exportColumn>

export const labelValue = z.object({
  diagnosis,
  certainty,
  comment: z.string().max(4000)
})
export type LabelValue = z.infer<typeof labelValue>

export const filmDetail = z.object({
  row: filmRow,
  label: labelValue.nullable(),
  /** Absolute path, for showing where the file lies. */
  file: z.string(),
  modality: z.string().nullable(),
  transferSyntax: z.string().nullable(),
  format: z.string(),
  rows: z.int(),
  columns: z.int(),
  institution: z.string().nullable(),
  birthTime: z.string().nullable(),
  addedAt: timestamp,
  /** Sequence number of the last revision that touched this film or its infant; sent back when writing. */
  revision: z.int(),
  /** All films of the infant in time order, this one included. */
  series: z.array(filmRow)
})
export type FilmDetail = z.infer<typeof filmDetail>

export const films = {
  /** A window on the matching films. */
  query: procedure
    .input(z.object({ query: filmQuery, offset: z.int().min(0), limit: z.int().min(1).max(500) }))
    .output(z.object({ total: z.int(), rows: z.array(filmRow) })),
  /** Every matching id in order: the reading list, frozen at this moment. */
  ids: procedure.input(z.object({ query: filmQuery })).output(z.array(filmId)),
  /** Keeps films under a name, for `filter.set`; the same films under the same name are one set. */
  keepSet: procedure
    .input(z.object({ name: z.string().trim().min(1).max(200), filmIds: z.array(filmId).min(1) }))
    .output(filmSet),
  getSet: procedure.input(filmSet.pick({ id: true })).output(filmSet),
  /**
   * The matching films, or of those only the ones named, as CSV: the film's id, the columns in the order asked for, and on
   * every line the notice that this is for research. GA in days, BW in grams, confidence from 0 to 1; cells are guarded
   * against being run as formulas.
   */
  exportTable: procedure
    .input(
      z.object({
        query: filmQuery,
        filmIds: z.array(filmId).nullable(),
        columns: z.array(exportColumn).min(1)
      })
    )
    .output(z.object({ csv: z.string(), rows: z.int() })),
  /** Counts per facet value; each facet is counted under all the other filters. */
  facets: procedure
    .input(z.object({ filter: filmFilter }))
    .output(z.record(facetKey, z.array(z.object({ value: z.string(), count: z.int() })))),
  get: procedure.input(z.object({ id: filmId })).output(filmDetail),
  /** The infant of each film, in the order asked: for going through a reading list infant by infant. */
  infants: procedure.input(z.object({ ids: z.array(filmId).max(500) })).output(z.array(patientId))
}
