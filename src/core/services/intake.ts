import { resolve } from 'node:path'
import { mapping as mappingSchema, type ImportReport, type Profile } from '../../contract'
import type { Database } from '../database'
import { NeoGateError } from '../foundation'
import { isTableFile, surveyFolder, walkFolder, type WalkOptions } from '../study-folder'
import { openTable, profileColumns, suggestMapping, type FilmKeys } from '../tables'
import type { CoreContext, ProjectSession } from './core-context'
import { createImportRunner, importInput, walkOptions, type ImportInput } from './import/import-job'
import { createImportReport } from './import/import-report'
import { listJsonFiles } from './import/import-table'
import type { Services } from './services'

/** Files looked at to find out which column names the films. */
const MAX_KEYS = 200_000

/** Lets a project's queue do imports; called once for each project that is opened. */
export function registerImportJobs(core: Pick<CoreContext, 'films'>, session: ProjectSession): void {
  const runner = createImportRunner(core.films, session)
  session.jobs.register('rehearsal', runner)
  session.jobs.register('import', runner)
}

async function readProfiles(kysely: Database): Promise<Profile[]> {
  const rows = await kysely.selectFrom('profile').selectAll().orderBy('name').execute()
  return rows.map(row => ({ name: row.name, mapping: mappingSchema.parse(JSON.parse(row.mapping_json)) }))
}

/** @throws NeoGateError INVALID_INPUT */
function checkInput({ source }: ImportInput, projectFolder: string): void {
  const { folder, table, mapping } = source
  if (resolve(folder) === resolve(projectFolder)) {
    throw new NeoGateError('INVALID_INPUT', 'This is the folder of the open project itself.', {
      file: folder,
      field: 'folder',
      remedy: 'Choose the folder that holds the images.'
    })
  }
  if (table === null) return
  if (mapping === null) {
    throw new NeoGateError('INVALID_INPUT', 'A table needs a mapping of its columns.', {
      file: table,
      field: 'mapping',
      remedy: 'Bind the columns in the wizard, or name a saved profile.'
    })
  }
  if (mapping.columns.imageKey === undefined && mapping.columns.patientKey === undefined) {
    throw new NeoGateError('INVALID_INPUT', 'No column is bound that names the films or the infants.', {
      file: table,
      field: 'imageKey',
      remedy: 'Bind "imageKey" (which film a row is about) or "patientKey" (which infant).'
    })
  }
}

async function filmKeys(folder: string, options: WalkOptions): Promise<FilmKeys[]> {
  const films: FilmKeys[] = []
  for await (const found of walkFolder(folder, options)) {
    if (found.kind !== 'file' || isTableFile(found.path)) continue
    films.push({ path: found.path, sopInstanceUid: null })
    if (films.length >= MAX_KEYS) break
  }
  return films
}

/** Surveying folders, reading tables, importing, and the report of an import. */
export function createIntakeService(core: CoreContext): Services['intake'] {
  /** A folder can be looked at before a project is open. */
  const walking = (signal: AbortSignal | undefined): WalkOptions => {
    try {
      return walkOptions(core.project().folder, signal)
    } catch {
      return walkOptions(null, signal)
    }
  }
  const profiles = () => core.project().database.kysely

  return {
    async survey({ folder }, { signal }) {
      const root = resolve(folder)
      return { folder: root, ...(await surveyFolder(root, walking(signal))) }
    },

    async inspectTable({ path, folder }, { signal }) {
      const options = walking(signal)
      const root = folder === null ? null : resolve(folder)
      const table = await openTable(resolve(path), {
        signal,
        listJsonFiles: tree => listJsonFiles(tree, options)
      })
      const { columns, rowCount } = await profileColumns(table)
      const place = root === null ? null : { folder: root, films: await filmKeys(root, options) }
      const treeRoot = table.format === 'json-tree' ? resolve(path) : null
      const { mapping, questions } = suggestMapping(columns, place, treeRoot)
      return {
        path: resolve(path),
        format: table.format,
        encoding: table.encoding,
        delimiter: table.delimiter,
        rowCount,
        columns: columns.map(({ name, examples, distinct }) => ({ name, examples, distinct: distinct.size })),
        suggested: mapping,
        questions
      }
    },

    async start(input) {
      const session = core.project()
      checkInput(input, session.folder)
      const source = {
        ...input.source,
        folder: resolve(input.source.folder),
        table: input.source.table === null ? null : resolve(input.source.table)
      }
      const kind = input.dryRun ? 'rehearsal' : 'import'
      return { jobId: await session.jobs.start(kind, { ...input, source } satisfies ImportInput) }
    },

    async report({ jobId, outcomes, offset, limit }): Promise<ImportReport> {
      const session = core.project()
      const job = await session.jobs.get(jobId)
      const input = importInput.safeParse(await session.jobs.input(jobId))
      if ((job.kind !== 'import' && job.kind !== 'rehearsal') || !input.success) {
        throw new NeoGateError('NOT_FOUND', `Job ${jobId} is not an import.`, { field: 'jobId' })
      }
      const report = createImportReport(session.database.kysely, jobId)
      const counts = await report.counts()
      const page = await report.page(outcomes, offset, limit)
      return {
        ...input.data,
        counts: {
          files: counts.new + counts.unchanged + counts.changed + counts.refused,
          new: counts.new,
          unchanged: counts.unchanged,
          changed: counts.changed,
          refused: counts.refused,
          passedOver: counts['passed-over'],
          rowsRefused: counts.rowsRefused,
          rowsUnmatched: counts['row-unmatched'],
          labels: job.summary.labels ?? 0,
          contexts: job.summary.contexts ?? 0
        },
        ...page
      }
    },

    profiles: async () => readProfiles(profiles()),

    async saveProfile({ name, mapping }) {
      const kysely = profiles()
      const row = { name, mapping_json: JSON.stringify(mapping) }
      await kysely
        .insertInto('profile')
        .values(row)
        .onConflict(conflict => conflict.column('name').doUpdateSet(row))
        .execute()
      return readProfiles(kysely)
    },

    async deleteProfile({ name }) {
      const kysely = profiles()
      await kysely.deleteFrom('profile').where('name', '=', name).execute()
      return readProfiles(kysely)
    }
  }
}
