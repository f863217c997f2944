import { projectPredictions, type Connection, type Row } from '../database'
import { NeoGateError } from '../foundation'
import { append } from './hash-chain'
import type { PromotionState } from './types'

type Entry = Row<'revision'>

/**
 * Makes a model the active one and shows its predictions; call it inside a transaction.
 * @param undoes the promotion that this one takes back
 * @returns null where the model is active already
 * @throws NeoGateError NOT_FOUND
 */
export async function writePromotion(
  db: Connection,
  change: { modelId: string; reader: string; reason: string; at: string; undoes: number | null }
): Promise<Entry | null> {
  const old = await activeModel(db)
  if (old?.modelId === change.modelId) return null
  const next = await modelState(db, change.modelId)
  const [entry] = await append(db, [
    {
      at: change.at,
      reader: change.reader,
      source: 'reader',
      kind: 'promotion',
      subject_id: change.modelId,
      old_json: JSON.stringify(old),
      new_json: JSON.stringify(next),
      reason: change.reason,
      undoes: change.undoes
    }
  ])
  await db.updateTable('model').set({ active: 0 }).where('active', '=', 1).execute()
  await db.updateTable('model').set({ active: 1 }).where('id', '=', change.modelId).execute()
  await projectPredictions(db, null)
  return entry!
}

/** Every promotion and rollback, oldest first. */
export function promotionEntries(db: Connection): Promise<Entry[]> {
  return db.selectFrom('revision').selectAll().where('kind', '=', 'promotion').orderBy('seq').execute()
}

/** The promotion that holds: the newest that no later entry took back; null before the first. */
export function standingPromotion(entries: readonly Entry[]): Entry | null {
  const standing: Entry[] = []
  for (const entry of entries) {
    if (entry.undoes === null) standing.push(entry)
    else standing.pop()
  }
  return standing.at(-1) ?? null
}

/** The active model as the table shows it. */
export async function activeModel(db: Connection): Promise<PromotionState | null> {
  const row = await db
    .selectFrom('model')
    .select(['id as modelId', 'hash', 'name'])
    .where('active', '=', 1)
    .executeTakeFirst()
  return row ?? null
}

async function modelState(db: Connection, modelId: string): Promise<PromotionState> {
  const row = await db
    .selectFrom('model')
    .select(['id as modelId', 'hash', 'name'])
    .where('id', '=', modelId)
    .executeTakeFirst()
  if (row) return row
  throw new NeoGateError('NOT_FOUND', `This project has no model ${modelId}.`, {
    field: 'modelId',
    remedy: 'Add the model to the project first, or promote another one.'
  })
}
