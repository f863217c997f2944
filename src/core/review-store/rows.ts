import type { Connection, Row } from '../database'
import type { Diagnosis } from '../domain'
import { NeoGateError } from '../foundation'
import type {
  AdjudicationReason,
  Hidden,
  Protocol,
  ProtocolFilm,
  ProtocolSettings,
  Reader,
  ReaderRole,
  Reading,
  ReadingTask
} from './types'

/** Rows of the database as the rest of the core knows them. */

export function toReader(row: Row<'reader'>): Reader {
  return {
    name: row.name,
    roles: JSON.parse(row.roles_json) as ReaderRole[],
    active: row.active === 1,
    createdAt: row.created_at
  }
}

export function toProtocol(row: Row<'protocol'> & { films: number }): Protocol {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    createdBy: row.created_by,
    seed: row.seed,
    settings: JSON.parse(row.settings_json) as ProtocolSettings,
    closedAt: row.closed_at,
    films: Number(row.films)
  }
}

export function toProtocolFilm(row: Row<'protocol_film'>): ProtocolFilm {
  return {
    filmId: row.film_id,
    position: row.position,
    random: row.random === 1,
    score: row.score,
    reasons: JSON.parse(row.reasons_json),
    label: row.label as Diagnosis | null
  }
}

export function toTask(row: Row<'reading_task'>): ReadingTask & { doneAt: string | null } {
  return {
    id: row.id,
    protocolId: row.protocol_id,
    filmId: row.film_id,
    pass: row.pass,
    reader: row.reader,
    claimedAt: row.claimed_at,
    doneAt: row.done_at
  }
}

export function toReading(row: Row<'reading'>): Reading {
  return {
    seq: row.seq,
    at: row.at,
    protocolId: row.protocol_id,
    taskId: row.task_id,
    filmId: row.film_id,
    reader: row.reader,
    pass: row.pass,
    diagnosis: row.diagnosis as Diagnosis,
    certainty: row.certainty as Reading['certainty'],
    comment: row.comment,
    reasonCodes: JSON.parse(row.reason_codes_json) as AdjudicationReason[],
    seconds: row.seconds,
    hidden: JSON.parse(row.hidden_json) as Hidden,
    amends: row.amends,
    afterReveal: row.after_reveal === 1,
    hash: row.hash
  }
}

const protocolRows = (db: Connection) =>
  db
    .selectFrom('protocol')
    .selectAll()
    .select(({ selectFrom }) =>
      selectFrom('protocol_film')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('protocol_film.protocol_id', '=', 'protocol.id')
        .as('films')
    )

export async function readProtocols(db: Connection): Promise<Protocol[]> {
  const rows = await protocolRows(db).orderBy('created_at', 'desc').orderBy('id').execute()
  return rows.map(row => toProtocol({ ...row, films: row.films ?? 0 }))
}

/** By name or id. @throws NeoGateError NOT_FOUND */
export async function findProtocol(db: Connection, name: string): Promise<Protocol> {
  const row = await protocolRows(db)
    .where(({ or, eb }) => or([eb('id', '=', name), eb('name', '=', name)]))
    .executeTakeFirst()
  if (row) return toProtocol({ ...row, films: row.films ?? 0 })
  throw new NeoGateError('NOT_FOUND', `This project has no protocol '${name}'.`, {
    field: 'protocol',
    remedy: 'Choose one of the protocols that are listed.'
  })
}

/** Corrections stand in place of what they correct; those made after the answers were shown stand beside it. */
export function standing(readings: readonly Reading[]): Reading[] {
  const corrected = new Set(readings.flatMap(({ amends, afterReveal }) => (afterReveal ? [] : [amends])))
  return readings.filter(({ seq }) => !corrected.has(seq))
}

/** Everything taken of a protocol, in the order in which it was. */
export function readTasks(db: Connection, protocolId: string): Promise<Row<'reading_task'>[]> {
  return db
    .selectFrom('reading_task')
    .selectAll()
    .where('protocol_id', '=', protocolId)
    .orderBy('claimed_at')
    .execute()
}
