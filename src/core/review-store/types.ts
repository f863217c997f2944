import type { Diagnosis } from '../domain'

export const READER_ROLES = ['reader', 'adjudicator', 'curator', 'admin'] as const
export type ReaderRole = (typeof READER_ROLES)[number]

export interface Reader {
  name: string
  roles: ReaderRole[]
  active: boolean
  createdAt: string
}

export type ReadingPass = 'first' | 'repeat' | 'adjudication'

/** What a reader is not shown until the reading is saved. */
export interface Hidden {
  model: boolean
  others: boolean
  /** The reader's own earlier answers: a film read again must look like one read first. */
  own: boolean
  context: boolean
}

/** Why readers differed, as an adjudicator sees it. */
export const ADJUDICATION_REASONS = [
  'overlapping-signs',
  'image-quality',
  'timing-of-film',
  'device-or-line',
  'misled-by-context',
  'slip',
  'other'
] as const
export type AdjudicationReason = (typeof ADJUDICATION_REASONS)[number]

export type Assignment =
  | { kind: 'all' }
  /** So many different readers read each film. */
  | { kind: 'some'; readers: number }
  /** One of the site's readers reads each film of the site. */
  | { kind: 'by-site'; sites: Record<string, string[]> }

export interface ProtocolSettings {
  /** The queue or queues that the films came from. */
  queue: string
  assignment: Assignment
  /** Who takes part; empty: everybody who may read. */
  readers: string[]
  hides: { model: boolean; others: boolean; context: boolean }
  /** Share of a reader's films that are given a second time without saying so, 0 to 1. */
  repeatShare: number
  /** Readings of other films at least between the two readings of one; fewer only at the end. */
  repeatGap: number
  /** Share drawn by lot from all films. */
  randomShare: number
  /** Films that the random share was drawn from. */
  randomFrom: number
  commentWhenUnsure: boolean
  /** Each answer also becomes the film's label; only where one reader reads each film. */
  labelsAtOnce: boolean
  revealAfterCommit: boolean
  /** A film taken and not read is free again after so long. */
  claimHours: number
}

export interface Protocol {
  id: string
  name: string
  createdAt: string
  createdBy: string
  seed: number
  settings: ProtocolSettings
  closedAt: string | null
  films: number
}

/** @typeParam Reasons JSON that the queues define */
export interface ProtocolFilm<Reasons = unknown> {
  filmId: string
  position: number
  random: boolean
  score: number
  reasons: Reasons
  label: Diagnosis | null
}

/** A film in a reader's hands. */
export interface ReadingTask {
  id: string
  protocolId: string
  filmId: string
  pass: ReadingPass
  reader: string
  claimedAt: string
}

/** A film as it is given out; `again`: the reader had it in hand already. */
export type GivenTask = ReadingTask & { again: boolean }

export interface ReadingValue {
  diagnosis: Diagnosis
  certainty: 'sure' | 'unsure'
  comment: string
  reasonCodes: AdjudicationReason[]
  /** The film was on screen for so long; null where nobody measured. */
  seconds: number | null
}

export interface Reading extends ReadingValue {
  seq: number
  at: string
  protocolId: string
  taskId: string
  filmId: string
  reader: string
  pass: ReadingPass
  hidden: Hidden
  /** The reading that this one corrects. */
  amends: number | null
  /** Made, or corrected, after the answers of others or the model were shown; agreement leaves it out. */
  afterReveal: boolean
  hash: string
}

/** What of an open protocol is one reader's. */
export interface ReaderPart {
  /** Not yet read by the reader, who may be given them; who else has them in hand does not matter. Unreadable files are left out. */
  pending: string[]
  /** Read by the reader. */
  committed: string[]
  /** In the reader's hands, adjudications included. */
  inHand: ReadingTask[]
  /** Films that are to come a second time. */
  repeatsLeft: number
}

/** How far each reader is. */
export interface ReaderProgress {
  reader: string
  first: number
  repeats: number
  adjudicated: number
  /** Median over the readings that were timed. */
  medianSeconds: number | null
  holding: string | null
}

export interface FilmScore {
  filmId: string
  label: Diagnosis | null
  own: Float32Array
  atMean: Float32Array | null
  outOfFold: Float32Array | null
  coreSet: number | null
}

export interface ScoreState {
  modelHash: string
  madeAt: string
  films: number
  outOfFold: number
}

export interface ReviewStore {
  readers(): Promise<Reader[]>
  /** Adds a reader or changes the roles. @throws NeoGateError CONFLICT where nobody would be left to manage readers */
  saveReader(reader: { name: string; roles: ReaderRole[]; active: boolean }): Promise<Reader>

  /** Newest first. */
  protocols(): Promise<Protocol[]>
  /** By name or id. @throws NeoGateError NOT_FOUND */
  protocol(name: string): Promise<Protocol>
  /** @throws NeoGateError INVALID_INPUT for a name that is taken, or without films */
  makeProtocol(made: {
    name: string | null
    createdBy: string
    seed: number
    settings: ProtocolSettings
    films: Omit<ProtocolFilm, 'position'>[]
  }): Promise<Protocol>
  /** No film is given out any more; what was read stays. */
  closeProtocol(id: string): Promise<Protocol>
  /** In reading order. */
  protocolFilms(id: string): Promise<ProtocolFilm[]>

  /**
   * Gives the reader a film that nobody else has, or the one that the reader already has, also after a crash; null where
   * none is left. Repeats come unannounced between first readings.
   * @throws NeoGateError CONFLICT where the protocol is closed, or the reader does not take part
   */
  claimNext(protocol: Protocol, reader: string): Promise<GivenTask | null>
  /** The same for a third reading of one of these films, by someone who has not read it. */
  claimAdjudication(protocol: Protocol, reader: string, filmIds: readonly string[]): Promise<GivenTask | null>
  /**
   * A reader's part in a protocol; null where there is none. Who is named takes part from the beginning; in a protocol that is open
   * to everybody, whoever has taken a film.
   */
  part(protocol: Protocol, reader: string): Promise<ReaderPart | null>
  /** Gives a film back unread. */
  release(taskId: string, reader: string): Promise<void>
  /** @throws NeoGateError NOT_FOUND */
  task(taskId: string): Promise<ReadingTask & { doneAt: string | null }>
  /**
   * Saves a reading, or a correction of it where the task is done.
   * @param knowing the reader had looked at what the protocol hides
   * @throws NeoGateError NOT_FOUND, CONFLICT where the film has passed to another reader in the meantime
   */
  commit(
    taskId: string,
    reader: string,
    value: ReadingValue,
    hidden: Hidden,
    knowing?: boolean
  ): Promise<Reading>
  /** Readings as they stand, corrections in place of what they correct, by sequence. null: of all protocols. */
  readings(protocolId: string | null): Promise<Reading[]>
  progress(protocolId: string): Promise<ReaderProgress[]>
  /** Recomputes the hash chain of the readings. */
  verify(): Promise<{ intact: boolean; entries: number; broken: { seq: number; problem: string } | null }>

  /** Replaces all scores in one transaction. */
  replaceScores(modelHash: string, madeAt: string, scores: readonly FilmScore[]): Promise<void>
  scores(): Promise<Map<string, FilmScore>>
  scoreState(): Promise<ScoreState | null>
}
