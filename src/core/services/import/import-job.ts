import { resolve } from 'node:path'
import { z } from 'zod'
import { importSource } from '../../../contract'
import { DATABASE_FILE } from '../../database'
import type { ChildPool } from '../../foundation'
import type { JobRun, JobRunner } from '../../job-queue'
import type { WalkOptions } from '../../study-folder'
import type { ProjectSession } from '../core-context'
import { filmWorker } from '../film-worker'
import { collectFiles } from './collect-files'
import { createFilmIdentity, type FilmIdentity } from './film-identity'
import { createImportReport, type ImportReportStore, type ReportItem } from './import-report'
import { readImportTable, type ImportTable } from './import-table'
import { readFilms } from './read-films'
import { keptItem, tableEntries } from './table-entries'
import { applyEntries, countWritten, rehearseEntries } from './write-values'

export const importInput = z.object({ source: importSource, dryRun: z.boolean() })
export type ImportInput = z.infer<typeof importInput>

/** What an interrupted import needs beside its report, which says which files are done. */
const savedState = z.object({
  /** Last entry of the history before this import. */
  historyBefore: z.number()
})

/** Counts in a finished job's summary beside those of the report's lines. */
export interface ValueCounts {
  labels: number
  contexts: number
}

/** Where an import walks: not into this project, nor into any other. */
export function walkOptions(projectFolder: string | null, signal?: AbortSignal): WalkOptions {
  return { signal, markerFile: DATABASE_FILE, excludedFolders: projectFolder === null ? [] : [projectFolder] }
}

/**
 * The import of a study folder: table, walk, read, values. Files are registered batch by batch, each batch durable with its
 * lines of the report, so that an interrupted import goes on with the first file that has no line. A rehearsal takes the
 * same way and rolls every batch back; it starts again when resumed.
 */
export function createImportRunner(films: ChildPool, session: ProjectSession): JobRunner {
  return async run => {
    const { source, dryRun } = importInput.parse(run.input)
    const root = resolve(source.folder)
    const { signal } = run
    const walking = walkOptions(session.folder, signal)
    const report = createImportReport(session.database.kysely, run.id)
    if (dryRun) await report.clear()
    const resumed = savedState.safeParse(run.savedState)
    const historyBefore = resumed.success ? resumed.data.historyBefore : await session.labels.head()
    if (!resumed.success) await run.saveState({ historyBefore })

    const table =
      source.table === null || source.mapping === null
        ? null
        : await readImportTable(
            { folder: root, table: source.table, mapping: source.mapping },
            { ...walking, onProgress: (done, total) => run.progress({ done, total, step: 'table' }) }
          )
    const { candidates, problems, ambiguousKeys } = await collectFiles(root, table?.index ?? null, {
      ...walking,
      onProgress: done => run.progress({ done, total: null, step: 'walk' })
    })

    const worker = filmWorker(films)
    const identity = createFilmIdentity(root, session.studies, async absolute => {
      const [result] = await worker.index([absolute], { signal })
      return result && 'fingerprint' in result ? result.fingerprint : null
    })
    const fileSexes = new Map<string, 'M' | 'F'>()
    const done = await alreadyRead(report, identity)
    await report.add(problems.filter(problem => !done.has(problem.path)))
    const left = candidates.filter(file => !done.has(file.path))
    const total = candidates.length
    let count = total - left.length
    run.progress({ done: count, total, step: 'read' })
    const defaultSite = source.mapping?.defaultSite ?? null
    const reading = readFilms(
      {
        pool: films,
        session,
        root,
        table,
        ambiguousKeys,
        defaultSite,
        dryRun,
        identity,
        startedAt: run.startedAt,
        signal
      },
      left
    )
    for await (const { items, registrations } of reading) {
      await report.add(items)
      items.forEach(({ filmId, patientId }) => {
        const registration = registrations.find(candidate => candidate.id === filmId)
        if (registration?.sex && patientId !== null) fileSexes.set(patientId, registration.sex)
      })
      count += items.length
      run.progress({ done: count, total, step: 'read' })
      if (!dryRun && registrations.length > 0) session.changes.publish(['films'])
    }
    if (!dryRun) await markVanished(session, root, identity)

    const values = table
      ? await applyTable({ run, session, table, report, dryRun, historyBefore, fileSexes })
      : { labels: 0, contexts: 0 }
    run.summary(await summary(report, values))
  }
}

/** Paths that have a line in the report; films among them are known to be seen. */
async function alreadyRead(report: ImportReportStore, identity: FilmIdentity): Promise<Set<string>> {
  const paths = new Set<string>()
  for (const file of await report.files()) {
    paths.add(file.path)
    if (file.filmId !== null) identity.seen.set(file.filmId, file.path)
  }
  return paths
}

/** Films of this folder that are no longer in it, or whose file now holds another film. */
async function markVanished(session: ProjectSession, root: string, identity: FilmIdentity): Promise<void> {
  const known = await session.database.kysely
    .selectFrom('film')
    .select('id')
    .where('root', '=', root)
    .where('missing', '=', 0)
    .execute()
  const vanished = known.flatMap(film => (identity.seen.has(film.id) ? [] : [film.id]))
  if (vanished.length === 0) return
  await session.studies.markMissing(vanished, true)
  session.changes.publish(['films'])
}

async function applyTable(settings: {
  run: JobRun
  session: ProjectSession
  table: ImportTable
  report: ImportReportStore
  dryRun: boolean
  historyBefore: number
  fileSexes: ReadonlyMap<string, 'M' | 'F'>
}): Promise<ValueCounts> {
  const { run, session, table, report, dryRun, historyBefore } = settings
  const { entries, items } = tableEntries(table, await report.files())
  const total = entries.length
  run.progress({ done: 0, total, step: 'values' })
  const withKept = (kept: Parameters<typeof keptItem>[1][]): ReportItem[] =>
    [...items, ...kept.map(value => keptItem(table, value))].sort((a, b) => a.line! - b.line!)
  if (dryRun) {
    const { kept, ...counts } = await rehearseEntries(session, entries, settings.fileSexes)
    await report.replaceRows(withKept(kept))
    run.progress({ done: total, total, step: 'values' })
    return counts
  }
  const kept = await applyEntries(
    session,
    table.name,
    entries,
    done => run.progress({ done, total, step: 'values' }),
    run.signal
  )
  await report.replaceRows(withKept(kept))
  return countWritten(session, table.name, historyBefore)
}

async function summary(report: ImportReportStore, values: ValueCounts): Promise<Record<string, number>> {
  const counts = await report.counts()
  return {
    files: counts.new + counts.unchanged + counts.changed + counts.refused,
    new: counts.new,
    unchanged: counts.unchanged,
    changed: counts.changed,
    refused: counts.refused,
    passedOver: counts['passed-over'],
    rowsRefused: counts.rowsRefused,
    rowsUnmatched: counts['row-unmatched'],
    ...values
  }
}
