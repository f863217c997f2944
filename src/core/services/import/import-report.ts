import type { ImportItem, ImportReport } from '../../../contract'
import { inBatches, type Database } from '../../database'

export type ImportOutcome = ImportItem['outcome']

/** A line of the report, with the film and infant behind it where there are any. */
export interface ReportItem extends ImportItem {
  filmId: string | null
  patientId: string | null
}

const FILE_OUTCOMES = ['new', 'unchanged', 'changed', 'refused', 'passed-over'] as const
const ROW_OUTCOMES = ['row-refused', 'row-unmatched'] as const

/** What needs a look comes first. */
const REPORT_ORDER: ImportOutcome[] = [
  'refused',
  'row-refused',
  'row-unmatched',
  'changed',
  'new',
  'unchanged',
  'passed-over'
]

/** Rows of 10 bound values each. */
const INSERT_BATCH = 200
/** Lines read before others get their turn. */
const READ_BATCH = 2000

/** The lines of one import job's report; file lines are added as files are read, row lines are written once at the end. */
export function createImportReport(kysely: Database, jobId: string) {
  let nextPosition: number | null = null

  async function lastPosition(): Promise<number> {
    const row = await kysely
      .selectFrom('import_item')
      .select(({ fn }) => fn.max<number | null>('position').as('last'))
      .where('job_id', '=', jobId)
      .executeTakeFirst()
    return Number(row?.last ?? 0)
  }

  async function insert(db: Database, items: readonly ReportItem[]): Promise<void> {
    nextPosition ??= (await lastPosition()) + 1
    let position = nextPosition
    const rows = items.map(item => ({
      job_id: jobId,
      position: position++,
      path: item.path,
      outcome: item.outcome,
      reason: item.reason,
      detail: item.detail,
      field: item.field,
      line: item.line,
      film_id: item.filmId,
      patient_id: item.patientId
    }))
    for (const batch of inBatches(rows, INSERT_BATCH))
      await db.insertInto('import_item').values(batch).execute()
    nextPosition = position
  }

  return {
    /** Durable when the promise resolves, all or none. */
    async add(items: readonly ReportItem[]): Promise<void> {
      if (items.length === 0) return
      nextPosition ??= (await lastPosition()) + 1
      await kysely.transaction().execute(db => insert(db, items))
    },

    /** Puts the lines about table rows in place of those that an interrupted run has written. */
    async replaceRows(items: readonly ReportItem[]): Promise<void> {
      nextPosition ??= (await lastPosition()) + 1
      await kysely.transaction().execute(async db => {
        await db
          .deleteFrom('import_item')
          .where('job_id', '=', jobId)
          .where('outcome', 'in', ROW_OUTCOMES)
          .execute()
        await insert(db, items)
      })
    },

    async clear(): Promise<void> {
      await kysely.deleteFrom('import_item').where('job_id', '=', jobId).execute()
      nextPosition = 1
    },

    /** Lines about files, in the order in which they were read. */
    async files(): Promise<ReportItem[]> {
      const items: ReportItem[] = []
      for (let after = 0; ;) {
        const rows = await kysely
          .selectFrom('import_item')
          .selectAll()
          .where('job_id', '=', jobId)
          .where('outcome', 'in', FILE_OUTCOMES)
          .where('position', '>', after)
          .orderBy('position')
          .limit(READ_BATCH)
          .execute()
        for (const row of rows) {
          items.push({
            path: row.path,
            outcome: row.outcome as ImportOutcome,
            reason: row.reason,
            detail: row.detail,
            field: row.field,
            line: row.line,
            filmId: row.film_id,
            patientId: row.patient_id
          })
        }
        const last = rows.at(-1)
        if (!last) return items
        after = last.position
        await new Promise(resolve => setImmediate(resolve))
      }
    },

    /** Lines per outcome, and the table rows that had something refused. */
    async counts(): Promise<Record<ImportOutcome, number> & { rowsRefused: number }> {
      const groups = await kysely
        .selectFrom('import_item')
        .select(({ fn }) => [
          'outcome',
          fn.countAll<number>().as('count'),
          fn.count<number>('line').distinct().as('lines')
        ])
        .where('job_id', '=', jobId)
        .groupBy('outcome')
        .execute()
      const of = (outcome: ImportOutcome) =>
        Number(groups.find(group => group.outcome === outcome)?.count ?? 0)
      return {
        new: of('new'),
        unchanged: of('unchanged'),
        changed: of('changed'),
        refused: of('refused'),
        'passed-over': of('passed-over'),
        'row-refused': of('row-refused'),
        'row-unmatched': of('row-unmatched'),
        rowsRefused: Number(groups.find(group => group.outcome === 'row-refused')?.lines ?? 0)
      }
    },

    /** A page in report order, and how many lines there are for each reason among the refused and unmatched. */
    async page(
      outcomes: readonly ImportOutcome[] | null,
      offset: number,
      limit: number
    ): Promise<Pick<ImportReport, 'byReason' | 'total' | 'items'>> {
      const wanted = outcomes ?? REPORT_ORDER
      const reasons = await kysely
        .selectFrom('import_item')
        .select(({ fn }) => ['reason', fn.countAll<number>().as('count')])
        .where('job_id', '=', jobId)
        .where('reason', 'is not', null)
        .groupBy('reason')
        .orderBy('count', 'desc')
        .orderBy('reason')
        .execute()
      const counts = await this.counts()
      const items: ImportItem[] = []
      let skip = offset
      for (const outcome of REPORT_ORDER) {
        if (!wanted.includes(outcome) || items.length >= limit) continue
        if (skip >= counts[outcome]) {
          skip -= counts[outcome]
          continue
        }
        const rows = await kysely
          .selectFrom('import_item')
          .select(['path', 'outcome', 'reason', 'detail', 'field', 'line'])
          .where('job_id', '=', jobId)
          .where('outcome', '=', outcome)
          .orderBy('position')
          .offset(skip)
          .limit(limit - items.length)
          .execute()
        items.push(...rows.map(row => ({ ...row, outcome: row.outcome as ImportOutcome })))
        skip = 0
      }
      return {
        byReason: reasons.map(({ reason, count }) => ({ reason: reason!, count: Number(count) })),
        total: REPORT_ORDER.reduce(
          (sum, outcome) => sum + (wanted.includes(outcome) ? counts[outcome] : 0),
          0
        ),
        items
      }
    }
  }
}
export type ImportReportStore = ReturnType<typeof createImportReport>
