import { inBatches, type Connection, type ProjectDatabase } from '../database'
import { freshId, NeoGateError, type Clock } from '../foundation'
import { claimAdjudication, claimNext } from './claims'
import { readPart } from './parts'
import { appendReading, verifyReadings } from './reading-chain'
import { findProtocol, readProtocols, standing, toProtocolFilm, toReader, toReading, toTask } from './rows'
import { readScores, readScoreState, writeScores } from './scores'
import type { ReaderProgress, ReviewStore } from './types'

/** Readers, protocols and readings of one project. */
export function createReviewStore(database: ProjectDatabase, clock: Clock): ReviewStore {
  const db = database.kysely
  const inTransaction = <Result>(work: (db: Connection) => Promise<Result>) => db.transaction().execute(work)

  async function requireTask(connection: Connection, id: string) {
    const row = await connection
      .selectFrom('reading_task')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    if (!row) throw passedOn()
    return row
  }

  return {
    async readers() {
      const rows = await db.selectFrom('reader').selectAll().orderBy('name').execute()
      return rows.map(toReader)
    },

    saveReader: ({ name, roles, active }) =>
      inTransaction(async transaction => {
        const values = { roles_json: JSON.stringify(roles), active: active ? 1 : 0 }
        await transaction
          .insertInto('reader')
          .values({ name, ...values, created_at: clock.timestamp() })
          .onConflict(conflict => conflict.column('name').doUpdateSet(values))
          .execute()
        const all = (await transaction.selectFrom('reader').selectAll().execute()).map(toReader)
        if (!all.some(reader => reader.active && reader.roles.includes('admin'))) throw noAdminLeft()
        return all.find(reader => reader.name === name)!
      }),

    protocols: () => readProtocols(db),
    protocol: name => findProtocol(db, name),

    makeProtocol: ({ name, createdBy, seed, settings, films }) =>
      inTransaction(async transaction => {
        if (films.length === 0) throw noFilms()
        const id = freshId()
        const named = await chooseName(transaction, name)
        await transaction
          .insertInto('protocol')
          .values({
            id,
            name: named,
            created_at: clock.timestamp(),
            created_by: createdBy,
            seed,
            settings_json: JSON.stringify(settings)
          })
          .execute()
        const rows = films.map((film, place) => ({
          protocol_id: id,
          position: place + 1,
          film_id: film.filmId,
          random: film.random ? 1 : 0,
          score: film.score,
          reasons_json: JSON.stringify(film.reasons),
          label: film.label
        }))
        for (const batch of inBatches(rows))
          await transaction.insertInto('protocol_film').values(batch).execute()
        return findProtocol(transaction, id)
      }),

    closeProtocol: id =>
      inTransaction(async transaction => {
        const protocol = await findProtocol(transaction, id)
        if (protocol.closedAt !== null) return protocol
        await transaction
          .updateTable('protocol')
          .set({ closed_at: clock.timestamp() })
          .where('id', '=', protocol.id)
          .execute()
        return findProtocol(transaction, protocol.id)
      }),

    async protocolFilms(id) {
      const rows = await db
        .selectFrom('protocol_film')
        .selectAll()
        .where('protocol_id', '=', id)
        .orderBy('position')
        .execute()
      return rows.map(toProtocolFilm)
    },

    claimNext: (protocol, reader) =>
      inTransaction(transaction => claimNext(transaction, protocol, reader, clock)),
    claimAdjudication: (protocol, reader, filmIds) =>
      inTransaction(transaction => claimAdjudication(transaction, protocol, reader, filmIds, clock)),

    part: (protocol, reader) => readPart(db, protocol, reader),

    async release(taskId, reader) {
      await db
        .deleteFrom('reading_task')
        .where('id', '=', taskId)
        .where('reader', '=', reader)
        .where('done_at', 'is', null)
        .execute()
    },

    task: async id => toTask(await requireTask(db, id)),

    commit: (taskId, reader, value, hidden, knowing = false) =>
      inTransaction(async transaction => {
        const task = await requireTask(transaction, taskId)
        if (task.reader !== reader) throw passedOn()
        const earlier = await transaction
          .selectFrom('reading')
          .select(['seq', 'after_reveal'])
          .where('task_id', '=', taskId)
          .orderBy('seq', 'desc')
          .executeTakeFirst()
        const { settings } = await findProtocol(transaction, task.protocol_id)
        const at = clock.timestamp()
        const row = await appendReading(transaction, {
          at,
          protocol_id: task.protocol_id,
          task_id: task.id,
          film_id: task.film_id,
          reader,
          pass: task.pass,
          diagnosis: value.diagnosis,
          certainty: value.certainty,
          comment: value.comment,
          reason_codes_json: JSON.stringify(value.reasonCodes),
          seconds: value.seconds,
          hidden_json: JSON.stringify(hidden),
          amends: earlier?.seq ?? null,
          after_reveal: knowing || (earlier && settings.revealAfterCommit) ? 1 : 0
        })
        if (task.done_at === null) {
          await transaction
            .updateTable('reading_task')
            .set({ done_at: at })
            .where('id', '=', task.id)
            .execute()
        }
        return toReading(row)
      }),

    async readings(protocolId) {
      const rows = await db
        .selectFrom('reading')
        .selectAll()
        .$if(protocolId !== null, query => query.where('protocol_id', '=', protocolId!))
        .orderBy('seq')
        .execute()
      return standing(rows.map(toReading))
    },

    async progress(protocolId) {
      const tasks = await db
        .selectFrom('reading_task')
        .selectAll()
        .where('protocol_id', '=', protocolId)
        .execute()
      const timed = await db
        .selectFrom('reading')
        .select(['reader', 'seconds'])
        .where('protocol_id', '=', protocolId)
        .where('amends', 'is', null)
        .where('seconds', 'is not', null)
        .execute()
      const readers = [...new Set(tasks.map(({ reader }) => reader))].sort()
      return readers.map((reader): ReaderProgress => {
        const mine = tasks.filter(task => task.reader === reader)
        const done = (pass: string) => mine.filter(task => task.pass === pass && task.done_at !== null).length
        return {
          reader,
          first: done('first'),
          repeats: done('repeat'),
          adjudicated: done('adjudication'),
          medianSeconds: median(timed.filter(row => row.reader === reader).map(({ seconds }) => seconds!)),
          holding: mine.find(task => task.done_at === null)?.film_id ?? null
        }
      })
    },

    verify: () => inTransaction(verifyReadings),

    replaceScores: (modelHash, madeAt, scores) =>
      inTransaction(transaction => writeScores(transaction, modelHash, madeAt, scores)),
    scores: () => readScores(db),
    scoreState: () => readScoreState(db)
  }
}

async function chooseName(db: Connection, wanted: string | null): Promise<string> {
  const rows = await db.selectFrom('protocol').select(['id', 'name']).execute()
  const taken = new Set(rows.flatMap(({ id, name }) => [id, name]))
  if (wanted === null) {
    let number = rows.length + 1
    while (taken.has(`protocol-${number}`)) number++
    return `protocol-${number}`
  }
  const name = wanted.trim().normalize('NFC')
  if (name !== '' && !taken.has(name)) return name
  throw new NeoGateError(
    'INVALID_INPUT',
    name === '' ? 'A protocol needs a name.' : `There is a protocol '${name}' already.`,
    { field: 'name', remedy: 'Choose another name; a protocol is never overwritten.' }
  )
}

function median(values: number[]): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}

function noAdminLeft(): NeoGateError {
  return new NeoGateError('CONFLICT', 'One active reader must be an admin.', {
    field: 'roles',
    reason: 'no-admin',
    remedy: 'Give somebody the role admin first.'
  })
}

function noFilms(): NeoGateError {
  return new NeoGateError('INVALID_INPUT', 'The queue has no films to read.', {
    field: 'queue',
    reason: 'no-films',
    remedy: 'Choose another queue, or score the films first.'
  })
}

/** The film was free for too long and somebody else has it now, or was given back. */
function passedOn(): NeoGateError {
  return new NeoGateError('CONFLICT', 'This film has passed to another reader, or was given back.', {
    reason: 'passed-on',
    remedy: 'Go on with the next film of the protocol.'
  })
}
