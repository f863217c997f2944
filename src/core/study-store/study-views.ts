import type { ProjectDatabase, Row } from '../database'
import { freshId, NeoGateError, type Clock } from '../foundation'
import type { FilmFilter, FilmSort } from './types'

/** A way of looking at the Studies table. */
export interface StudyView {
  id: string
  name: string
  filter: FilmFilter
  sort: FilmSort
  /** Any JSON value; null leaves the columns as they are. */
  columns: unknown
  isDefault: boolean
  changedBy: string
  changedAt: string
}

export interface StudyViews {
  /** By name. */
  list(): Promise<StudyView[]>
  /**
   * Makes a view, replaces the one with this id, or brings a removed one back under its id. A new default takes the place of the
   * old one.
   * @throws NeoGateError INVALID_INPUT for a name that another view has
   */
  save(view: Omit<StudyView, 'id' | 'changedAt'> & { id: string | null }): Promise<StudyView>
  /** @throws NeoGateError NOT_FOUND */
  remove(id: string): Promise<void>
}

export function createStudyViews({ kysely: db }: ProjectDatabase, clock: Clock): StudyViews {
  return {
    async list() {
      const rows = await db.selectFrom('study_view').selectAll().orderBy('name').execute()
      return rows.map(toView)
    },

    save: view =>
      db.transaction().execute(async transaction => {
        const id = view.id ?? freshId()
        const name = view.name.normalize('NFC')
        const taken = await transaction
          .selectFrom('study_view')
          .select('id')
          .where('name', '=', name)
          .where('id', '!=', id)
          .executeTakeFirst()
        if (taken) {
          throw new NeoGateError('INVALID_INPUT', `There is a view '${name}' already.`, {
            field: 'name',
            reason: 'name-taken',
            remedy: 'Choose another name, or save over that view.'
          })
        }
        if (view.isDefault) await transaction.updateTable('study_view').set({ is_default: 0 }).execute()
        const values = {
          name,
          filter_json: JSON.stringify(view.filter),
          sort_json: JSON.stringify(view.sort),
          columns_json: view.columns === null ? null : JSON.stringify(view.columns),
          is_default: view.isDefault ? 1 : 0,
          changed_by: view.changedBy,
          changed_at: clock.timestamp()
        }
        await transaction
          .insertInto('study_view')
          .values({ id, ...values })
          .onConflict(conflict => conflict.column('id').doUpdateSet(values))
          .execute()
        return toView({ id, ...values })
      }),

    async remove(id) {
      const { numDeletedRows } = await db.deleteFrom('study_view').where('id', '=', id).executeTakeFirst()
      if (numDeletedRows > 0) return
      throw new NeoGateError('NOT_FOUND', 'This project has no such view.', {
        field: 'id',
        remedy: 'It may have been removed in another window.'
      })
    }
  }
}

function toView(row: Row<'study_view'>): StudyView {
  return {
    id: row.id,
    name: row.name,
    filter: JSON.parse(row.filter_json) as FilmFilter,
    sort: JSON.parse(row.sort_json) as FilmSort,
    columns: row.columns_json === null ? null : (JSON.parse(row.columns_json) as unknown),
    isDefault: row.is_default === 1,
    changedBy: row.changed_by,
    changedAt: row.changed_at
  }
}
