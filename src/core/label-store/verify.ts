import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Connection } from '../database'
import { findTagDrift } from './film-tags'
import { GENESIS, chainHash, readHead } from './hash-chain'
import { sameAnnotation, type AnnotationState } from './annotations'
import { activeModel } from './promotions'
import {
  contextStateOfPatient,
  labelStateOf,
  sameContext,
  sameLabel,
  type ContextState,
  type LabelState
} from './states'
import type { AnnotationValue, PromotionState, Verification } from './types'

const PAGE = 2000

/** What the history says last of each film, infant or annotation. */
type LastStates = Map<string, { seq: number; json: string }>

/**
 * Recomputes the chain from the first entry on: an edit, a removal, an insertion or a change of order breaks a hash or the
 * numbering; a cut at the end is told by the head kept in table meta. Then holds films, infants and the active model against
 * the last entry of each. Someone who rewrites entries, all later hashes and the head together is found only by a head hash kept
 * elsewhere; exports carry it for that purpose.
 */
export async function verifyHistory(db: Connection): Promise<Verification> {
  const last: LastStates = new Map()
  const lastAnnotations: LastStates = new Map()
  const lastTags: LastStates = new Map()
  let lastPromotion: { seq: number; json: string } | null = null
  let entries = 0
  let previous = GENESIS
  for (;;) {
    const page = await db
      .selectFrom('revision')
      .selectAll()
      .where('seq', '>', entries)
      .orderBy('seq')
      .limit(PAGE)
      .execute()
    for (const row of page) {
      if (row.seq !== entries + 1) {
        return broken(entries, entries + 1, `entry ${entries + 1} is missing; the next is ${row.seq}`)
      }
      if (chainHash(previous, row) !== row.hash) {
        return broken(entries, row.seq, 'the entry was changed, or one before it was exchanged: hash differs')
      }
      entries = row.seq
      previous = row.hash
      const state = { seq: row.seq, json: row.new_json }
      if (row.kind === 'promotion') lastPromotion = state
      else if (row.kind === 'tags') lastTags.set(row.subject_id, state)
      else if (row.kind === 'annotation')
        lastAnnotations.set((JSON.parse(row.new_json) as AnnotationState).id, state)
      else if (row.kind !== 'unblinding') last.set(row.subject_id, state)
    }
    if (page.length < PAGE) break
    await nextTurn()
  }
  const beforeFirst = await db.selectFrom('revision').select('seq').where('seq', '<', 1).executeTakeFirst()
  if (beforeFirst) return broken(entries, beforeFirst.seq, 'an entry was put before the first one')

  const head = await readHead(db)
  if (head.seq !== entries || head.hash !== previous) {
    const problem =
      head.seq > entries
        ? `entries ${entries + 1} to ${head.seq} are missing at the end`
        : `the recorded newest entry (${head.seq}) is not the newest one (${entries})`
    return broken(entries, Math.min(head.seq, entries) + (head.seq === entries ? 0 : 1), problem)
  }
  if (lastPromotion) {
    const { modelId } = JSON.parse(lastPromotion.json) as PromotionState
    if ((await activeModel(db))?.modelId !== modelId) {
      return broken(entries, lastPromotion.seq, `the active model is not ${modelId}, which was promoted last`)
    }
  }
  const tagDrift = await findTagDrift(db, lastTags)
  if (tagDrift) return broken(entries, tagDrift.seq, tagDrift.problem)
  return (
    (await findDrift(db, last, entries)) ??
    (await findAnnotationDrift(db, lastAnnotations, entries)) ?? { intact: true, entries, broken: null }
  )
}

function broken(entries: number, seq: number, problem: string): Verification {
  return { intact: false, entries, broken: { seq, problem } }
}

/** The first film or infant whose values are not those of its last entry. */
async function findDrift(db: Connection, last: LastStates, entries: number): Promise<Verification | null> {
  const films = await db
    .selectFrom('film')
    .select([
      'id',
      'patient_id',
      'label',
      'certainty',
      'comment',
      'label_reader',
      'label_source',
      'revision',
      'ga_days',
      'bw_grams',
      'sex'
    ])
    .execute()
  const patients = new Map(
    (await db.selectFrom('patient').selectAll().execute()).map(patient => [patient.id, patient])
  )
  for (const patient of patients.values()) {
    const entry = last.get(patient.id)
    const expected: ContextState = entry
      ? (JSON.parse(entry.json) as ContextState)
      : { gaDays: null, bwGrams: null, sex: null, gaSource: null, bwSource: null, sexSource: null }
    const same =
      sameContext(contextStateOfPatient(patient), expected) && patient.revision === (entry?.seq ?? 0)
    if (!same) {
      return broken(entries, entry?.seq ?? 0, `infant ${patient.id} does not show what its last entry says`)
    }
  }
  for (const film of films) {
    const entry = last.get(film.id)
    const expected: LabelState = entry
      ? (JSON.parse(entry.json) as LabelState)
      : { diagnosis: null, certainty: null, comment: '', reader: null, source: null }
    const patient = patients.get(film.patient_id)!
    const same =
      sameLabel(labelStateOf(film), expected) &&
      film.revision === (entry?.seq ?? 0) &&
      film.ga_days === patient.ga_days &&
      film.bw_grams === patient.bw_grams &&
      film.sex === patient.sex
    if (!same) {
      return broken(entries, entry?.seq ?? 0, `film ${film.id} does not show what its last entry says`)
    }
    last.delete(film.id)
  }
  for (const [id, { seq }] of last) {
    if (!patients.has(id)) return broken(entries, seq, `film or infant ${id} was removed from the project`)
  }
  return null
}

/** The first annotation that is not what its last entry says. */
async function findAnnotationDrift(
  db: Connection,
  last: LastStates,
  entries: number
): Promise<Verification | null> {
  const rows = await db.selectFrom('annotation').selectAll().orderBy('drawn').execute()
  for (const row of rows) {
    const entry = last.get(row.id)
    const expected = entry ? (JSON.parse(entry.json) as AnnotationState).value : null
    const shown = row.value_json === null ? null : (JSON.parse(row.value_json) as AnnotationValue)
    if (!entry || row.revision !== entry.seq || !sameAnnotation(shown, expected)) {
      return broken(entries, entry?.seq ?? 0, `annotation ${row.id} does not show what its last entry says`)
    }
    last.delete(row.id)
  }
  for (const [id, { seq }] of last)
    return broken(entries, seq, `annotation ${id} was removed from the project`)
  return null
}
