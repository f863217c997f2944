import {
  inBatches,
  projectContexts,
  type Connection,
  type ContextStateOf,
  type ProjectDatabase,
  type Row
} from '../database'
import { writeAnnotation, type AnnotationState } from './annotations'
import { writeTags, type TagState } from './film-tags'
import { chain, readHead, writeEntries, type Draft } from './hash-chain'
import { createPace, type Pace } from './pace'
import type { ContextState, LabelState } from './states'
import { readPatients, writeContext, writeLabels } from './subjects'
import type { Watching } from './types'

/** From so many entries on a change is written in turns of the event loop, and what was read beforehand is not read again. */
const MANY = 500

/** Infants whose films are judged again in one go. */
const INFANTS = 50

type Plan = (db: Connection, pace: Pace) => Promise<Draft[]>

/** Brings the tables to what entries say; call it inside the transaction that wrote them. */
export async function showEntries(
  db: Connection,
  entries: readonly Row<'revision'>[],
  contextStateOf: ContextStateOf,
  pace: Pace
): Promise<void> {
  for (const batch of inBatches(entries)) {
    const of = (kind: Row<'revision'>['kind']) => batch.filter(entry => entry.kind === kind)
    const labels = of('label').map(entry => ({
      filmId: entry.subject_id,
      state: JSON.parse(entry.new_json) as LabelState,
      revision: entry.seq
    }))
    await writeLabels(db, labels, pace)
    for (const entry of of('tags'))
      await writeTags(db, entry.subject_id, JSON.parse(entry.new_json) as TagState, entry.seq)
    for (const entry of of('annotation'))
      await writeAnnotation(db, entry, JSON.parse(entry.new_json) as AnnotationState)
    const infants = of('clinical-context')
    const patients = await readPatients(
      db,
      infants.map(({ subject_id }) => subject_id)
    )
    for (const { subject_id, new_json, seq } of infants) {
      await writeContext(db, patients.get(subject_id)!, JSON.parse(new_json) as ContextState, seq)
      await pace.pass(1)
    }
    for (const some of inBatches([...patients.keys()], INFANTS)) {
      await projectContexts(db, some, contextStateOf)
      await pace.pass()
    }
  }
}

/**
 * Writes what `plan` says as one change, whole or not at all. Of many entries, plan and hashes are made while others still
 * write; if somebody has, they are made again inside the transaction, from what then holds.
 */
export async function writeTogether(
  database: ProjectDatabase,
  contextStateOf: ContextStateOf,
  plan: Plan,
  watching: Watching = {}
): Promise<Row<'revision'>[]> {
  const pace = createPace(watching)
  const planned = async (db: Connection) => {
    const head = await readHead(db)
    const drafts = await plan(db, pace)
    return { head, entries: await chain(head, drafts, drafts.length > 1, pace) }
  }
  const ahead = await planned(database.kysely)
  const transaction = <Result>(work: (db: Connection) => Promise<Result>): Promise<Result> =>
    ahead.entries.length < MANY ? database.kysely.transaction().execute(work) : database.longTransaction(work)
  return transaction(async db => {
    const stands = (await readHead(db)).hash === ahead.head.hash
    const { entries } = stands ? ahead : await planned(db)
    await writeEntries(db, entries, pace)
    await showEntries(db, entries, contextStateOf, pace)
    return entries
  })
}
