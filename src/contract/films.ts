import { z } from 'zod'
import { procedure } from './base'
import { certainty, diagnosis, filmId, patientId, sex, timestamp } from './values'

export const contextState = z.enum(['ok', 'missing', 'warn', 'confirm', 'blocked'])

/** Site of films for which neither table, file nor mapping names one. */
export const UNKNOWN_SITE = 'unknown'

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
  predicted: diagnosis.nullable(),
  /** Probability of the predicted class. */
  confidence: z.number().nullable(),
  /** 1-based place among the infant's films in time order, and how many there are. */
  filmNumber: z.int(),
  filmCount: z.int(),
  /** True where the file could not be found or decoded at last sight. */
  missing: z.boolean()
})
export type FilmRow = z.infer<typeof filmRow>

export const facetKey = z.enum([
  'site',
  'label',
  'predicted',
  'agreement',
  'contextState',
  'gaBand',
  'bwBand',
  'certainty',
  'hasPrior',
  'viewPosition'
])
export type FacetKey = z.infer<typeof facetKey>

/**
 * Chosen values per facet (any of them), all facets together, plus text found in patient key, path or site.
 * label: a class or 'unlabelled'; predicted: a class or 'none'; agreement: 'agree' | 'disagree' | 'unknown';
 * hasPrior: 'yes' | 'no'; bands as in core/domain/clinical-context or 'unknown'.
 */
export const filmFilter = z.object({
  text: z.string().max(200).default(''),
  facets: z.partialRecord(facetKey, z.array(z.string())).default({})
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
  'path'
])
export const filmSort = z.object({ key: sortKey, direction: z.enum(['ascending', 'descending']) })
export type FilmSort = z.infer<typeof filmSort>

export const filmQuery = z.object({
  filter: filmFilter,
  /** Missing values come last in either direction; ties fall to infant, then film time, then id. */
  sort: filmSort.default({ key: 'patientKey', direction: 'ascending' })
})
export type FilmQuery = z.infer<typeof filmQuery>

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
  /** Counts per facet value; each facet is counted under all the other filters. */
  facets: procedure
    .input(z.object({ filter: filmFilter }))
    .output(z.record(facetKey, z.array(z.object({ value: z.string(), count: z.int() })))),
  get: procedure.input(z.object({ id: filmId })).output(filmDetail)
}
