import type { Generated, Insertable, Kysely, Selectable, Transaction } from 'kysely'

/**
 * The tables of a project, as the newest migration leaves them. Conventions: ids and hashes are lower-case text; times
 * are ISO 8601 text (UTC with milliseconds where NeoGate made them); booleans are 0 or 1; columns named `*_json` hold
 * JSON text; arrays of numbers are little-endian float32 blobs. One file in spite of its length: it is what a project keeps, to be read in
 * one go.
 */
export interface Schema {
  meta: MetaTable
  patient: PatientTable
  film: FilmTable
  revision: RevisionTable
  annotation: AnnotationTable
  job: JobTable
  import_item: ImportItemTable
  profile: ProfileTable
  model: ModelTable
  prediction: PredictionTable
  training_event: TrainingEventTable
  split: SplitTable
  split_patient: SplitPatientTable
  split_film: SplitFilmTable
  test_access: TestAccessTable
  film_pixels: FilmPixelsTable
  evaluation: EvaluationTable
  evaluation_cases: EvaluationCasesTable
  calibration: CalibrationTable
  experiment: ExperimentTable
  reader: ReaderTable
  protocol: ProtocolTable
  protocol_film: ProtocolFilmTable
  reading_task: ReadingTaskTable
  reading: ReadingTable
  film_score: FilmScoreTable
  film_set: FilmSetTable
  study_view: StudyViewTable
}

/** Facts about the project itself, see project-database. */
export interface MetaTable {
  key: string
  value: string
}

/** Who set a value: the file it was read from, a table that was imported, or a reader. */
export type ValueSource = 'file' | 'import' | 'reader'

/** One infant of one site. */
export interface PatientTable {
  id: string
  site: string
  patient_key: string
  birth_time: string | null
  ga_days: number | null
  bw_grams: number | null
  sex: 'M' | 'F' | null
  /** What the image files say; `sex` until a table or a reader says otherwise. */
  file_sex: 'M' | 'F' | null
  ga_source: ValueSource | null
  bw_source: ValueSource | null
  sex_source: ValueSource | null
  /** Sequence number of the last revision of the infant's clinical context, 0 if there is none. */
  revision: Generated<number>
}

/**
 * One film. Everything that the Studies table filters and sorts on is copied here from patient, revision and prediction,
 * in the transaction that changes it there.
 */
export interface FilmTable {
  id: string
  patient_id: string
  patient_key: string
  site: string
  /** Absolute study folder, as the operating system spells it. */
  root: string
  /** Below root, NFC, separated by '/'. */
  path: string
  /** Below root as the file system spells it, where that differs from `path`. */
  raw_path: string | null
  fingerprint: string
  byte_size: number
  modified_at: string
  header_json: string
  added_at: string
  film_time: string | null
  /** Hours from birth to film. */
  age_hours: number | null
  view_position: string | null
  /** 1-based place among the infant's films in time order, and how many there are. */
  film_number: number
  film_count: number
  missing: Generated<number>
  sex: 'M' | 'F' | null
  ga_days: number | null
  bw_grams: number | null
  context_state: string

  label: string | null
  certainty: string | null
  comment: string | null
  label_reader: string | null
  label_source: ValueSource | null
  /** Sequence number of the last revision of the film's label, 0 if there is none. */
  revision: Generated<number>

  /** Secondary findings, lines and tubes: tags with a space between two; null for none. */
  tags: string | null
  tags_reader: string | null
  tags_source: ValueSource | null
  /** Sequence number of their last revision, 0 if there is none. */
  tags_revision: Generated<number>

  /** Of the active model, where that has predicted from the context that the infant has now. */
  predicted: string | null
  confidence: number | null

  /** In the newest split; null where the film is not in its manifest. */
  split_side: 'train' | 'validation' | 'test' | null
}

/** Append-only: rows are never changed or deleted. */
export interface RevisionTable {
  /** 1, 2, 3 ... without gaps. */
  seq: number
  at: string
  reader: string
  source: ValueSource
  kind: 'label' | 'tags' | 'clinical-context' | 'annotation' | 'promotion' | 'unblinding'
  /**
   * Film id for a label, tags or an annotation, patient id for a clinical context, model id for a promotion, protocol id for an
   * unblinding.
   */
  subject_id: string
  old_json: string
  new_json: string
  reason: string
  undoes: number | null
  /** Sequence number of the first entry of the bulk change that this one is part of; null for a change by itself. */
  group_seq: number | null
  /** SHA-256 over this entry and the hash before it; see label-store/hash-chain. */
  hash: string
}

/** What readers have drawn over films, as the last revision of each leaves it. */
export interface AnnotationTable {
  id: string
  film_id: string
  reader: string
  /** null once it has been taken away. */
  value_json: string | null
  /** Sequence numbers of its first and its last revision. */
  drawn: number
  revision: number
}

/** The log of a training run, numbered from 1 within its job. */
export interface TrainingEventTable {
  job_id: string
  seq: number
  at: string
  event_json: string
}

export interface JobTable {
  id: string
  kind: string
  state: string
  input_json: string
  saved_state_json: string | null
  progress_json: string
  error_json: string | null
  summary_json: string
  started_at: string
  finished_at: string | null
}

/** One line of the report of an import job. */
export interface ImportItemTable {
  job_id: string
  position: number
  path: string
  outcome: string
  reason: string | null
  detail: string | null
  field: string | null
  line: number | null
  /** Film and infant that the file stands for, also where a rehearsal registered neither; null for rows and refusals. */
  film_id: string | null
  patient_id: string | null
}

export interface ProfileTable {
  name: string
  mapping_json: string
}

export interface ModelTable {
  id: string
  name: string
  folder: string
  method: string
  hash: string
  preprocessing_hash: string
  info_json: string
  created_at: string
  /** 1 for at most one model: the one whose predictions are shown. */
  active: Generated<number>
}

/** What a model last said of a film; replaced when the infant's context has changed. */
export interface PredictionTable {
  film_id: string
  model_hash: string
  preprocessing_hash: string
  /** The infant's recorded values at that time; null where the record had none and the model's mean was used. */
  ga_days: number | null
  bw_grams: number | null
  logits: Uint8Array
  probabilities: Uint8Array
  predicted: string
  confidence: number
  /** Pooled features before the gate, and class activation maps; null where they were not kept. */
  pooled: Uint8Array | null
  maps: Uint8Array | null
  map_geometry_json: string | null
  provider: string
  created_at: string
}

/** A named division of infants into train, validation and test. Rows are never changed or deleted. */
export interface SplitTable {
  id: string
  name: string
  created_at: string
  reader: string
  /** The split whose infants kept their sides in this one, and its hash at that time. */
  parent_id: string | null
  parent_hash: string | null
  seed: number
  proportions_json: string
  /** SHA-256 over the canonical manifest; see curation/manifest. */
  manifest_hash: string
  /** What was left out and what was warned of when it was made. */
  report_json: string
}

/** Which side an infant is on, also where none of its films is in the manifest any more. */
export interface SplitPatientTable {
  split_id: string
  patient_id: string
  side: 'train' | 'validation' | 'test'
}

/** A film of a split's manifest with its infant and its label when the split was made. */
export interface SplitFilmTable {
  split_id: string
  film_id: string
  patient_id: string
  label: string
}

/** Append-only: who asked for the films of a locked test part, when and why. */
export interface TestAccessTable {
  id: string
  split_id: string
  at: string
  reader: string
  reason: string
  films: number
}

/** SHA-256 over size and decoded pixels of a film, where they have been compared. */
export interface FilmPixelsTable {
  film_id: string
  hash: string
}

/** What a model version did on a set of films. Rows are never changed. */
export interface EvaluationTable {
  /** Id of the job that made it. */
  id: string
  at: string
  reader: string
  model_id: string
  model_hash: string
  /** SHA-256 over the films with their labels, GA and BW. */
  set_hash: string
  summary_json: string
  result_json: string
}

/** Film by film what an evaluation was computed from, so that it can be looked into and compared later. */
export interface ExperimentTable {
  /** Id of its job. */
  id: string
  at: string
  name: string
  reader: string
  options_json: string
  plan_json: string
  /** What each part has come to, written as it goes. */
  parts_json: string
  /** null until every part has ended. */
  result_json: string | null
}

export interface EvaluationCasesTable {
  evaluation_id: string
  /** Ids of 26 ASCII characters one after the other, in table order. */
  film_ids: Uint8Array
  /** Little-endian int32: number of the film's infant in this set. */
  infants: Uint8Array
  /** One byte a film: place in DIAGNOSES. */
  labels: Uint8Array
  predicted: Uint8Array
  /** Six numbers a film. */
  logits: Uint8Array
}

/** Temperature and thresholds of a model version, fitted on the validation side of a split. */
export interface CalibrationTable {
  model_hash: string
  split_id: string
  set_hash: string
  films: number
  temperature: number
  thresholds_json: string
  fitted_at: string
}

/** Somebody who reads, and what they may do. Rows are never deleted: readings name them. */
export interface ReaderTable {
  name: string
  roles_json: string
  active: number
  created_at: string
}

/** How a set of films is read by several readers. Settings are never changed once it is made; it can be closed. */
export interface ProtocolTable {
  id: string
  name: string
  created_at: string
  created_by: string
  seed: number
  settings_json: string
  closed_at: string | null
}

/** A film of a protocol with its place, and why it is in it; frozen when the protocol is made. */
export interface ProtocolFilmTable {
  protocol_id: string
  position: number
  film_id: string
  /** 1 for a film drawn by lot from all films. */
  random: number
  score: number
  reasons_json: string
  /** The film's label at that time. */
  label: string | null
}

/**
 * A film in the hands of a reader. The key lets one reader have a place at a film: '1', '2' ... where so many may read it, the
 * reader's name where all do.
 */
export interface ReadingTaskTable {
  id: string
  protocol_id: string
  film_id: string
  pass: 'first' | 'repeat' | 'adjudication'
  slot: string
  reader: string
  claimed_at: string
  done_at: string | null
}

/** Append-only: what a reader said of a film under a protocol. */
export interface ReadingTable {
  /** 1, 2, 3 ... without gaps. */
  seq: number
  at: string
  protocol_id: string
  task_id: string
  film_id: string
  reader: string
  pass: 'first' | 'repeat' | 'adjudication'
  diagnosis: string
  certainty: string
  comment: string
  /** Of an adjudication: why the readers differed. */
  reason_codes_json: string
  /** The film was on screen for so long; null where that is not known. */
  seconds: number | null
  /** What the reader was not shown. */
  hidden_json: string
  /** The reading that this one corrects. */
  amends: number | null
  /** 1 where the reader had been shown what others or the model said. */
  after_reveal: number
  /** SHA-256 over this entry and the hash before it; see review-store/reading-chain. */
  hash: string
}

/** What the queues ask of a model about a film; one model's at a time, replaced when it is asked again. */
export interface FilmScoreTable {
  film_id: string
  model_hash: string
  made_at: string
  /** The film's label at that time. */
  label: string | null
  /** Six probabilities each: with the infant's context, with the cohort's mean, by cross-validation. */
  own: Uint8Array
  at_mean: Uint8Array | null
  out_of_fold: Uint8Array | null
  /** How far the film lies from all that is labelled, 0 to 1, where it was chosen for that; see review-queue. */
  core_set: number | null
}

/** Films that were handed to the Studies table under a name. */
export interface FilmSetTable {
  id: string
  name: string
  /** Ids of 26 ASCII characters one after the other. */
  film_ids: Uint8Array
  made_at: string
}

/** A way of looking at the Studies table. */
export interface StudyViewTable {
  id: string
  name: string
  filter_json: string
  sort_json: string
  columns_json: string | null
  /** 1 for at most one. */
  is_default: number
  changed_by: string
  changed_at: string
}

export type Database = Kysely<Schema>
/** A connection inside or outside a transaction. */
export type Connection = Kysely<Schema> | Transaction<Schema>
export type Row<Table extends keyof Schema> = Selectable<Schema[Table]>
export type NewRow<Table extends keyof Schema> = Insertable<Schema[Table]>
