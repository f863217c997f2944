import type { Connection, ContextStateOf, ProjectDatabase, Row } from '../database'
import { BW_RANGE_GRAMS, GA_RANGE_DAYS, type ClinicalContext } from '../domain'
import { NeoGateError, type Clock } from '../foundation'
import { annotationDraft, annotationsOf } from './annotations'
import { applyEntries } from './apply-table'
import { bulkDrafts } from './change-many'
import { filmsChangedSince } from './changed-since'
import { tagsDraft } from './film-tags'
import { append, readHead, type Draft } from './hash-chain'
import { createPace, type Pace } from './pace'
import { promotionEntries, standingPromotion, writePromotion } from './promotions'
import {
  contextStateFrom,
  labelStateFrom,
  sameContext,
  sameLabel,
  type ContextState,
  type LabelState
} from './states'
import { readFilms, readPatients } from './subjects'
import type { LabelStore, PromotionState, Revision, Step, Watching } from './types'
import { readUnblinded, writeUnblinding } from './unblinding'
import { findRedo, findUndo } from './undo-redo'
import { verifyHistory } from './verify'
import { showEntries, writeTogether } from './write-together'

/** Labels and clinical contexts of one project: what holds now, and the append-only history that says why. */
export function createLabelStore(
  database: ProjectDatabase,
  clock: Clock,
  contextStateOf: ContextStateOf
): LabelStore {
  const inTransaction = <Result>(work: (db: Connection) => Promise<Result>) =>
    database.kysely.transaction().execute(work)

  async function write(db: Connection, draft: Draft): Promise<Revision> {
    const entries = await append(db, [draft])
    await showEntries(db, entries, contextStateOf, createPace())
    return toRevision(entries[0]!)
  }

  /** Turns over as one step what `find` finds. */
  async function turnOver(
    find: (db: Connection, pace: Pace) => Promise<Row<'revision'>[]>,
    reader: string,
    way: 'undo' | 'redo',
    watching?: Watching
  ): Promise<Step | null> {
    const at = clock.timestamp()
    const plan = async (db: Connection, pace: Pace) =>
      (await find(db, pace)).map(entry => turnedOver(entry, reader, at, way))
    const written = await writeTogether(database, contextStateOf, plan, watching)
    const [first] = written
    return first ? { ...toRevision(first), subjectIds: written.map(({ subject_id }) => subject_id) } : null
  }

  return {
    setLabel: change =>
      inTransaction(async db => {
        const film = (await readFilms(db, [change.filmId])).get(change.filmId)!
        const next = labelStateFrom(change.value, change.reader, 'reader')
        if (sameLabel(film.state, next)) return null
        if (film.state.diagnosis === null && next.diagnosis === null) return null
        const patient = (await readPatients(db, [film.patientId])).get(film.patientId)!
        refuseStale(change.revision, Math.max(film.revision, patient.revision))
        return write(db, {
          at: clock.timestamp(),
          reader: change.reader,
          source: 'reader',
          kind: 'label',
          subject_id: film.id,
          old_json: JSON.stringify(film.state),
          new_json: JSON.stringify(next),
          reason: change.reason ?? ''
        })
      }),

    setTags: change =>
      inTransaction(async db => {
        const draft = await tagsDraft(db, change, clock.timestamp())
        return draft && write(db, draft)
      }),

    setContext: change =>
      inTransaction(async db => {
        requireInRange(change.value)
        const patient = (await readPatients(db, [change.patientId])).get(change.patientId)!
        const { state: old } = patient
        const next = contextStateFrom(change.value, old)
        if (sameContext(old, next)) return null
        refuseStale(change.revision, patient.revision)
        return write(db, {
          at: clock.timestamp(),
          reader: change.reader,
          source: 'reader',
          kind: 'clinical-context',
          subject_id: patient.id,
          old_json: JSON.stringify(old),
          new_json: JSON.stringify(next),
          reason: change.reason
        })
      }),

    async changeMany(change, watching) {
      for (const { value } of change.contexts) requireInRange(value)
      const at = clock.timestamp()
      const plan = (db: Connection, pace: Pace) => bulkDrafts(db, change, at, pace)
      return (await writeTogether(database, contextStateOf, plan, watching)).length
    },

    annotate: change =>
      inTransaction(async db => {
        const draft = await annotationDraft(db, change, clock.timestamp())
        return draft && write(db, draft)
      }),
    annotations: (filmId, reader) => annotationsOf(database.kysely, filmId, reader),

    applyTable: ({ name, entries }) =>
      inTransaction(async db => {
        for (const entry of entries) requireInRange(entry, entry.line)
        return applyEntries(db, { name, entries, at: clock.timestamp() }, contextStateOf)
      }),

    undo: (reader, watching) => turnOver((db, pace) => findUndo(db, reader, pace), reader, 'undo', watching),

    redo: (reader, watching) => turnOver((db, pace) => findRedo(db, reader, pace), reader, 'redo', watching),

    promote: change =>
      inTransaction(async db => {
        const entry = await writePromotion(db, { ...change, at: clock.timestamp(), undoes: null })
        return entry && toRevision(entry)
      }),

    rollBack: change =>
      inTransaction(async db => {
        const standing = standingPromotion(await promotionEntries(db))
        const before = standing && (JSON.parse(standing.old_json) as PromotionState | null)
        if (!before) throw nothingToRollBack()
        const { modelId } = before
        const entry = await writePromotion(db, {
          ...change,
          modelId,
          at: clock.timestamp(),
          undoes: standing.seq
        })
        if (!entry) throw nothingToRollBack()
        return toRevision(entry)
      }),

    unblind: change =>
      inTransaction(async db => toRevision(await writeUnblinding(db, { ...change, at: clock.timestamp() }))),
    unblindedBy: (reader, protocolIds) => readUnblinded(database.kysely, reader, protocolIds),

    async promotions() {
      return (await promotionEntries(database.kysely)).reverse().map(toRevision)
    },

    async list({ subjectId, before, limit }) {
      const rows = await database.kysely
        .selectFrom('revision')
        .selectAll()
        .$if(subjectId !== null, query => query.where('subject_id', '=', subjectId!))
        .$if(before !== null, query => query.where('seq', '<', before!))
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute()
      return rows.map(toRevision)
    },

    head: async () => (await readHead(database.kysely)).seq,
    seal: () => readHead(database.kysely),
    changedSince: at => filmsChangedSince(database.kysely, at),
    verify: () => inTransaction(verifyHistory)
  }
}

function turnedOver(entry: Row<'revision'>, reader: string, at: string, way: 'undo' | 'redo'): Draft {
  const { kind, subject_id } = entry
  const [from, to] = way === 'undo' ? [entry.new_json, entry.old_json] : [entry.old_json, entry.new_json]
  return {
    at,
    reader,
    source: 'reader',
    kind,
    subject_id,
    old_json: from,
    new_json: to,
    reason: way,
    undoes: entry.seq
  }
}

function toRevision(row: Row<'revision'>): Revision {
  return {
    seq: row.seq,
    at: row.at,
    reader: row.reader,
    kind: row.kind,
    subjectId: row.subject_id,
    old: visibleState(row.kind, row.old_json),
    new: visibleState(row.kind, row.new_json),
    reason: row.reason,
    undoes: row.undoes,
    group: row.group_seq,
    hash: row.hash
  }
}

function visibleState(kind: Revision['kind'], json: string): unknown {
  const state = JSON.parse(json) as LabelState | ContextState
  return kind === 'label' && (state as LabelState).diagnosis === null ? null : state
}

function nothingToRollBack(): NeoGateError {
  return new NeoGateError(
    'CONFLICT',
    'No promotion is left to take back: this project is at its first model.',
    {
      reason: 'no-promotion',
      remedy: 'Promote the model that is wanted.'
    }
  )
}

function refuseStale(seen: number, current: number): void {
  if (current <= seen) return
  throw new NeoGateError('CONFLICT', 'This film or its infant was changed by someone else in the meantime.', {
    remedy: 'Look at the new values, then make the change again if it is still wanted.'
  })
}

function requireInRange(value: Partial<ClinicalContext>, line?: number): void {
  const where = line === undefined ? '' : ` (line ${line})`
  const { gaDays, bwGrams } = value
  if (gaDays !== null && gaDays !== undefined && !isWhole(gaDays, GA_RANGE_DAYS)) {
    throw new NeoGateError(
      'INVALID_INPUT',
      `Gestational age must be whole days from ${GA_RANGE_DAYS.low} (22+0) to ${GA_RANGE_DAYS.high} (44+6)${where}.`,
      { field: 'gaDays', remedy: 'Correct the value, or leave it empty.' }
    )
  }
  if (bwGrams !== null && bwGrams !== undefined && !isWhole(bwGrams, BW_RANGE_GRAMS)) {
    throw new NeoGateError(
      'INVALID_INPUT',
      `Birth weight must be whole grams from ${BW_RANGE_GRAMS.low} to ${BW_RANGE_GRAMS.high}${where}.`,
      { field: 'bwGrams', remedy: 'Correct the value, or leave it empty.' }
    )
  }
}

function isWhole(value: number, range: { low: number; high: number }): boolean {
  return Number.isInteger(value) && value >= range.low && value <= range.high
}
