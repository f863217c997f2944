import type { Database, Row } from '../database'
import { parseModelCard, type ModelCard } from './model-card'
import type { ModelFolder } from './model-folder'

/** A model that a project knows. */
export interface ListedModel {
  id: string
  hash: string
  card: ModelCard
  /** Where it lies, as the caller of `add` wrote it. */
  folder: string
  active: boolean
}

/** The models of one project (table `model`), oldest first. Which one is active is set by the study store. */
export interface ModelList {
  all(): Promise<ListedModel[]>
  /** Adds a model; one that is known already keeps its place. */
  add(model: ModelFolder, folder: string): Promise<void>
  /** Takes a model off the list; what it predicted stays. */
  remove(id: string): Promise<void>
}

export function createModelList(db: Database): ModelList {
  return {
    async all() {
      const rows = await db.selectFrom('model').selectAll().orderBy('created_at').orderBy('id').execute()
      return rows.map(fromRow)
    },
    async add({ id, hash, card }, folder) {
      await db
        .insertInto('model')
        .values({
          id,
          hash,
          folder,
          name: card.name,
          method: card.method,
          preprocessing_hash: card.preprocessing.hash,
          info_json: JSON.stringify(card),
          created_at: card.createdAt,
          active: 0
        })
        .onConflict(conflict => conflict.column('id').doUpdateSet({ folder }))
        .execute()
    },
    async remove(id) {
      await db.deleteFrom('model').where('id', '=', id).execute()
    }
  }
}

function fromRow(row: Row<'model'>): ListedModel {
  return {
    id: row.id,
    hash: row.hash,
    card: parseModelCard(row.info_json, `model ${row.id}`),
    folder: row.folder,
    active: row.active === 1
  }
}
