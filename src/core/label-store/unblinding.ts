import type { Connection, Row } from '../database'
import { append } from './hash-chain'
import type { UnblindingState } from './types'

/** Call it inside a transaction. */
export async function writeUnblinding(
  db: Connection,
  change: { at: string; protocolId: string; reader: string; reason: string; state: UnblindingState }
): Promise<Row<'revision'>> {
  const [entry] = await append(db, [
    {
      at: change.at,
      reader: change.reader,
      source: 'reader',
      kind: 'unblinding',
      subject_id: change.protocolId,
      old_json: 'null',
      new_json: JSON.stringify(change.state),
      reason: change.reason,
      undoes: null
    }
  ])
  return entry!
}

export async function readUnblinded(
  db: Connection,
  reader: string,
  protocolIds: readonly string[]
): Promise<Set<string>> {
  if (protocolIds.length === 0) return new Set()
  const rows = await db
    .selectFrom('revision')
    .select('subject_id')
    .where('subject_id', 'in', protocolIds)
    .where('kind', '=', 'unblinding')
    .where('reader', '=', reader)
    .execute()
  return new Set(rows.map(({ subject_id }) => subject_id))
}
