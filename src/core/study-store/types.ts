import type { ValueSource } from '../database'
import type { FilmHeader } from '../domain'

/** A film as the intake found it. */
export interface FilmRegistration {
  /** contentId('film', fingerprint). */
  id: string
  /** Absolute study folder. */
  root: string
  /** Below root, NFC, '/' between folders. */
  path: string
  /** As the file system spells it, where its bytes differ from `path`; else null. */
  rawPath: string | null
  patientKey: string
  site: string
  header: FilmHeader
  byteSize: number
  /** ISO 8601 UTC. */
  modifiedAt: string
  fingerprint: string
  /** ISO 8601 local time without zone, or with one where the source gives it; null where unknown. */
  filmTime: string | null
  birthTime: string | null
  sex: 'M' | 'F' | null
  viewPosition: string | null
}

export type RegistrationOutcome = 'new' | 'unchanged' | 'changed'

export interface FilmRow {
  id: string
  patientId: string
  patientKey: string
  site: string
  path: string
  filmTime: string | null
  ageHours: number | null
  viewPosition: string | null
  sex: 'M' | 'F' | null
  gaDays: number | null
  bwGrams: number | null
  contextState: string
  label: string | null
  certainty: string | null
  labelledBy: string | null
  /** A label from a table or a reader's own; null without a label. */
  labelSource: ValueSource | null
  /** As contract/film-tags names and orders them. */
  tags: string[]
  taggedBy: string | null
  predicted: string | null
  confidence: number | null
  /** In the newest split. */
  splitSide: 'train' | 'validation' | 'test' | null
  filmNumber: number
  filmCount: number
  missing: boolean
}

export const FACET_KEYS = [
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
] as const
export type FacetKey = (typeof FACET_KEYS)[number]

export interface FilmFilter {
  text: string
  /** 'names' leaves the path out of the search. */
  textIn?: 'all' | 'names'
  facets: Partial<Record<FacetKey, string[]>>
  /** Only films of this set. */
  set?: string
}

/** What of some films is not to be told: neither by a filter, an order, a count nor a search. */
export interface Veil {
  /** Changes whenever anything of it does. */
  key: string
  /** Films of which something is hidden; sets leave them out, and their paths are not searched. */
  filmIds: Iterable<string>
  /** Whether a filter or an order by this would tell something hidden of the film. */
  hides(film: FilmRow, by: FacetKey | FilmSort['key']): boolean
}

/** Films that were handed over under a name. */
export interface FilmSet {
  id: string
  name: string
  films: number
}

export const SORT_KEYS = [
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
] as const
export type SortKey = (typeof SORT_KEYS)[number]

export interface FilmSort {
  key: SortKey
  direction: 'ascending' | 'descending'
}

export interface FilmQuery {
  filter: FilmFilter
  sort: FilmSort
}

export interface FilmDetail {
  row: FilmRow
  label: { diagnosis: string; certainty: string; comment: string } | null
  /** Absolute path as the file system spells it. */
  file: string
  header: FilmHeader
  birthTime: string | null
  addedAt: string
  /** Last revision of the film's label or tags or its infant's clinical context. */
  revision: number
  series: FilmRow[]
}

export type FacetCounts = Record<FacetKey, { value: string; count: number }[]>

export interface StudyCounts {
  films: number
  patients: number
  sites: number
  labelled: number
  predicted: number
}

/** What a model said of a film, with the infant's recorded values it was asked with. */
export interface StoredPrediction {
  filmId: string
  modelHash: string
  preprocessingHash: string
  /** As recorded; null where the record had none and the model used its mean. */
  gaDays: number | null
  bwGrams: number | null
  /** Six numbers each. */
  logits: Float32Array
  probabilities: Float32Array
  predicted: string
  confidence: number
  pooled: Float32Array | null
  maps: Float32Array | null
  /** Shape and extent of the maps, any JSON value. */
  mapGeometry: unknown
  provider: string
  createdAt: string
}

/** One model's weights behind one preprocessing. */
export interface ModelKey {
  modelHash: string
  preprocessingHash: string
}

/** What of a film multiplies its features. */
export interface FilmContext {
  id: string
  patientId: string
  gaDays: number | null
  bwGrams: number | null
}

export interface StudyStore {
  /**
   * Takes films in, in one transaction; again with the same films it changes nothing. Outcomes are in the order given.
   * A film whose place, header, infant or time differs from what is stored is brought up to date ('changed').
   */
  registerFilms(films: FilmRegistration[]): Promise<RegistrationOutcome[]>
  /** What registerFilms would answer, from the same work in a transaction that is rolled back. */
  rehearseFilms(films: FilmRegistration[]): Promise<RegistrationOutcome[]>
  /** Where films of these ids lie; ids that are not registered are left out. */
  locations(
    ids: string[]
  ): Promise<Map<string, { root: string; path: string; file: string; missing: boolean }>>
  /** Ids and image keys of every film, in table order, for binding table rows to films. */
  imageKeys(
    root: string | null
  ): Promise<{ id: string; patientId: string; path: string; sopInstanceUid: string | null }[]>
  /** @throws NeoGateError NOT_FOUND for a set that is not kept here */
  query(
    query: FilmQuery,
    offset: number,
    limit: number,
    veil?: Veil | null
  ): Promise<{ total: number; rows: FilmRow[] }>
  /** Ids of all matching films in order. */
  ids(query: FilmQuery, veil?: Veil | null): Promise<string[]>
  /** Keeps films under a name; the same films under the same name are one set. @throws NeoGateError NOT_FOUND */
  keepSet(name: string, filmIds: readonly string[]): Promise<FilmSet>
  /** @throws NeoGateError NOT_FOUND */
  getSet(id: string): Promise<FilmSet>
  /** Counts per value; each facet is counted under the text and all other facets. Values in a stable order. */
  facets(filter: FilmFilter, veil?: Veil | null): Promise<FacetCounts>
  /** @throws NeoGateError NOT_FOUND */
  detail(id: string): Promise<FilmDetail>
  /** Rows in the order given. @throws NeoGateError NOT_FOUND for an id that is not registered */
  rows(ids: string[]): Promise<FilmRow[]>
  /** Absolute path of a film as the file system spells it. @throws NeoGateError NOT_FOUND */
  filePath(id: string): Promise<string>
  /** Ids of an infant's films in time order. */
  filmsOf(patientId: string): Promise<string[]>
  counts(): Promise<StudyCounts>
  /** Notes films whose file was not found or could not be decoded, or was found again. */
  markMissing(ids: string[], missing: boolean): Promise<void>
  /** Stores or replaces predictions in one transaction and shows them if they are the active model's. */
  setPredictions(predictions: StoredPrediction[]): Promise<void>
  /** What a model last said of a film, also where the infant's context has changed since; null if never asked. */
  prediction(filmId: string, model: ModelKey): Promise<StoredPrediction | null>
  /** Films without a prediction of this model from the context they have now, missing files left out, in table order. */
  withoutPrediction(model: ModelKey): Promise<string[]>
  /** Class that a model predicted, by film id; only where it was asked with the context that the infant has now. */
  predictedBy(model: ModelKey): Promise<Map<string, string>>
  /** Logits of a model, by film id; of these films, only where it was asked with the context that the infant has now. */
  currentLogits(model: ModelKey, filmIds: readonly string[]): Promise<Map<string, Float32Array>>
  /** Films that one of these versions has pooled features of, in no order. */
  withPooled(kin: readonly ModelKey[]): Promise<string[]>
  /** Pooled features by film, by the first of the versions that has them; at most 500 films at a time. */
  pooled(kin: readonly ModelKey[], filmIds: readonly string[]): Promise<Map<string, Float32Array>>
  /** Infant, GA and BW of every film. */
  contexts(): Promise<FilmContext[]>
  /** Shows the predictions of another model (the row of table `model` becomes active), or of none. */
  setActiveModel(modelId: string | null): Promise<void>
}
