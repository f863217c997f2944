import type { Diagnosis } from '../../domain'
import { assessContext } from '../../growth'
import {
  consensusOf,
  contextDependent,
  forAdjudication,
  highestEntropy,
  implausibleContext,
  labelSuspects,
  ordered,
  randomAudit,
  repeats,
  smallestMargin,
  ttnRds,
  unlabelled,
  type Consensus,
  type JudgedContext,
  type QueuedFilm,
  type QueueFilm,
  type QueueKind,
  type Vote
} from '../../review-queue'
import type { FilmScore, Protocol, Reading } from '../../review-store'
import type { FilmRow, StudyStore } from '../../study-store'
import type { ProjectSession } from '../core-context'

/** A reader's own films come a second time only after this long, so that the first answer is not remembered. */
const WASH_OUT_DAYS = 14
const DAY_MS = 86_400_000
/** The order drawn by lot for the random audit. */
const AUDIT_SEED = 1

/** Queues that need answers of a model which are made together, see score-job. */
export const NEEDS_SCORES: ReadonlySet<QueueKind> = new Set([
  'label-suspects',
  'context-dependent',
  'margin',
  'entropy',
  'core-set'
])

/** Every film of the project, infants together and in time order. */
export async function allRows(studies: StudyStore): Promise<FilmRow[]> {
  const everything = { filter: { text: '', facets: {} }, sort: { key: 'patientKey', direction: 'ascending' } }
  return studies.rows(await studies.ids(everything as Parameters<StudyStore['ids']>[0]))
}

export function toQueueFilm(row: FilmRow): QueueFilm {
  return {
    id: row.id,
    patientId: row.patientId,
    site: row.site,
    ageHours: row.ageHours,
    label: row.label as Diagnosis | null,
    certainty: row.certainty as QueueFilm['certainty'],
    predicted: row.predicted as Diagnosis | null,
    confidence: row.confidence
  }
}

/** What the queues are made from, read once for all of them. */
export interface QueueFacts {
  rows: FilmRow[]
  films: QueueFilm[]
  scores: ReadonlyMap<string, FilmScore>
  readings: readonly Reading[]
  protocols: readonly Protocol[]
  /** When this reader answered each film last. */
  readAt: ReadonlyMap<string, string>
  now: number
}

export async function readFacts(session: ProjectSession, reader: string, now: number): Promise<QueueFacts> {
  const { studies, review, database } = session
  const rows = (await allRows(studies)).filter(({ missing }) => !missing)
  const readings = await review.readings(null)
  const labelled = await database.kysely
    .selectFrom('film')
    .innerJoin('revision', 'revision.seq', 'film.revision')
    .select(['film.id', 'revision.at'])
    .where('film.label_reader', '=', reader)
    .where('film.label', 'is not', null)
    .where('film.label_source', '=', 'reader')
    .execute()
  const readAt = new Map(labelled.map(({ id, at }) => [id, at]))
  for (const { filmId, reader: by, at } of readings) if (by === reader) readAt.set(filmId, at)
  return {
    rows,
    films: rows.map(toQueueFilm),
    scores: await review.scores(),
    readings,
    protocols: await review.protocols(),
    readAt,
    now
  }
}

/** A queue as it is now, most urgent first. */
export function queueOf(kind: QueueKind, facts: QueueFacts): QueuedFilm[] {
  const { films, scores } = facts
  const withScore = <Value>(pick: (score: FilmScore) => Value | null, only = films) =>
    new Map(
      only.flatMap(({ id }) => {
        const score = scores.get(id)
        const value = score ? pick(score) : null
        return value === null ? [] : [[id, value] as const]
      })
    )
  const open = films.filter(({ label }) => label === null)
  switch (kind) {
    case 'unlabelled':
      return unlabelled(films)
    case 'ttn-rds':
      return ttnRds(films, readingsByFilm(facts.readings))
    case 'label-suspects':
      return labelSuspects(
        films,
        withScore(({ outOfFold }) => outOfFold)
      )
    case 'implausible-context':
      return implausibleContext(films, judge(facts.rows))
    case 'context-dependent':
      return contextDependent(withScore(({ own, atMean }) => atMean && { own, atMean }))
    case 'random-audit':
      return randomAudit(films, AUDIT_SEED)
    case 'repeats': {
      const before = new Date(facts.now - WASH_OUT_DAYS * DAY_MS).toISOString()
      return repeats(facts.readAt, { before, seed: AUDIT_SEED })
    }
    case 'adjudication':
      return ordered(facts.protocols.flatMap(protocol => adjudicationOf(protocol, facts.readings)))
    case 'margin':
      return smallestMargin(withScore(({ own }) => own, open))
    case 'entropy':
      return highestEntropy(withScore(({ own }) => own, open))
    case 'core-set':
      return ordered(
        [...withScore(({ coreSet }) => coreSet, open)].map(([filmId, score]) => ({
          filmId,
          score,
          reasons: [{ kind: 'core-set', distance: score }]
        }))
      )
  }
}

function readingsByFilm(readings: readonly Reading[]) {
  const byFilm = new Map<string, { reader: string; diagnosis: Diagnosis }[]>()
  for (const { filmId, reader, diagnosis, pass, afterReveal } of readings) {
    if (pass !== 'first' || afterReveal) continue
    const known = byFilm.get(filmId)
    if (known) known.push({ reader, diagnosis })
    else byFilm.set(filmId, [{ reader, diagnosis }])
  }
  return byFilm
}

/** By infant, at the age of its last film; infants without a doubt are left out. */
function judge(rows: readonly FilmRow[]): Map<string, JudgedContext> {
  const lastAge = new Map<string, number>()
  for (const { patientId, ageHours } of rows) {
    if (ageHours !== null) lastAge.set(patientId, Math.max(ageHours, lastAge.get(patientId) ?? -Infinity))
  }
  const judged = new Map<string, JudgedContext>()
  for (const { patientId, contextState, gaDays, bwGrams, sex } of rows) {
    if (contextState === 'ok' || contextState === 'missing' || judged.has(patientId)) continue
    const found = assessContext({ gaDays, bwGrams, sex, ageHours: lastAge.get(patientId) ?? null })
    judged.set(patientId, {
      state: found.state,
      zScore: found.zScore,
      findings: found.findings.map(({ kind }) => kind)
    })
  }
  return judged
}

export interface FilmVotes {
  votes: Vote[]
  wanted: number
  adjudication: Vote | null
}

/** The readings of a protocol by film, as far as they were made without knowing the others. */
export function votesOf(protocol: Protocol, readings: readonly Reading[]): Map<string, FilmVotes> {
  const blind = readings.filter(
    ({ protocolId, pass, afterReveal }) => protocolId === protocol.id && pass !== 'repeat' && !afterReveal
  )
  const { assignment, readers } = protocol.settings
  const taking = new Set([...readers, ...blind.filter(({ pass }) => pass === 'first').map(r => r.reader)])
  const wanted =
    assignment.kind === 'some' ? assignment.readers : assignment.kind === 'by-site' ? 1 : taking.size
  const films = new Map<string, FilmVotes>()
  for (const { filmId, reader, diagnosis, certainty, pass } of blind) {
    const film = films.get(filmId) ?? { votes: [], wanted, adjudication: null }
    if (pass === 'first') film.votes.push({ reader, diagnosis, certainty })
    else film.adjudication = { reader, diagnosis, certainty }
    films.set(filmId, film)
  }
  return films
}

/** Films of a protocol that wait for an adjudicator. */
export function adjudicationOf(protocol: Protocol, readings: readonly Reading[]): QueuedFilm[] {
  return protocol.closedAt === null ? forAdjudication(votesOf(protocol, readings)) : []
}

export function consensusByFilm(protocol: Protocol, readings: readonly Reading[]): Map<string, Consensus> {
  return new Map(
    [...votesOf(protocol, readings)].map(([filmId, { votes, wanted, adjudication }]) => [
      filmId,
      consensusOf(votes, wanted, adjudication)
    ])
  )
}
