import { z } from 'zod'
import { procedure } from './base'
import { diagnosis, jobId, path } from './values'

/** Fields that a table column can be bound to. */
export const tableField = z.enum([
  'imageKey',
  'patientKey',
  'site',
  /** GA as written: 29+3, 29w3d, 29.43, 206; the unit is told by gaUnit. */
  'ga',
  /** Whole weeks, with gaExtraDays beside (KNN: gaw, gawd). */
  'gaWeeks',
  'gaExtraDays',
  'bw',
  'sex',
  'birthTime',
  'filmTime',
  'label',
  /** A yes-or-no column per class in place of one label column (KNN: rds, als, bpdyn); a row may mark one class. */
  'labelBPD',
  'labelALS',
  'labelAtelectasis',
  'labelNormal',
  'labelRDS',
  'labelTTN',
  'viewPosition'
])
export type TableField = z.infer<typeof tableField>

export const mapping = z.object({
  /** Column name per field; a field left out is not read. */
  columns: z.partialRecord(tableField, z.string()),
  /** What imageKey holds: a path below the folder, a file name with or without extension, or a SOP Instance UID. */
  imageKeyKind: z.enum(['path', 'name', 'stem', 'sop-instance-uid']),
  gaUnit: z.enum(['weeks+days', 'decimal-weeks', 'days']),
  bwUnit: z.enum(['g', 'kg']),
  /** Table value (trimmed, case-folded) to class. Values not listed are reported, never guessed. */
  labels: z.record(z.string(), diagnosis),
  sexes: z.record(z.string(), z.enum(['M', 'F'])),
  /** Site given to rows or films that name none. */
  defaultSite: z.string().nullable()
})
export type Mapping = z.infer<typeof mapping>

export const profile = z.object({ name: z.string().trim().min(1).max(80), mapping })
export type Profile = z.infer<typeof profile>

export const tableInspection = z.object({
  path,
  format: z.enum(['csv', 'tsv', 'json', 'json-tree']),
  encoding: z.enum(['utf-8', 'utf-8-bom', 'utf-16le', 'utf-16be', 'cp949']),
  delimiter: z.string().nullable(),
  rowCount: z.int(),
  columns: z.array(z.object({ name: z.string(), examples: z.array(z.string()), distinct: z.int() })),
  suggested: mapping,
  /** What the suggestion could not settle, as message keys with particulars. */
  questions: z.array(z.object({ field: z.string(), reason: z.string(), detail: z.string() }))
})
export type TableInspection = z.infer<typeof tableInspection>

export const importSource = z.object({
  folder: path,
  /** CSV, TSV or JSON file, or the root of a label-JSON tree parallel to the images; null imports the files alone. */
  table: path.nullable(),
  mapping: mapping.nullable()
})
export type ImportSource = z.infer<typeof importSource>

/** One line of the report of an import or a dry run. */
export const importItem = z.object({
  /** Path below the folder, NFC; or 'table:LINE' for a row without a film. */
  path: z.string(),
  /** 'passed-over' is a document among the images, which nobody expects to be taken in. */
  outcome: z.enum(['new', 'unchanged', 'changed', 'refused', 'passed-over', 'row-refused', 'row-unmatched']),
  /** Refusal reason (see core/domain/refusal) or row reason (e.g. 'ga-out-of-range'). */
  reason: z.string().nullable(),
  detail: z.string().nullable(),
  field: z.string().nullable(),
  line: z.int().nullable()
})
export type ImportItem = z.infer<typeof importItem>

export const importReport = z.object({
  dryRun: z.boolean(),
  source: importSource,
  counts: z.object({
    files: z.int(),
    new: z.int(),
    unchanged: z.int(),
    changed: z.int(),
    refused: z.int(),
    /** Documents; like tables they are not among `files`. */
    passedOver: z.int(),
    rowsRefused: z.int(),
    rowsUnmatched: z.int(),
    labels: z.int(),
    contexts: z.int()
  }),
  byReason: z.array(z.object({ reason: z.string(), count: z.int() })),
  total: z.int(),
  items: z.array(importItem)
})
export type ImportReport = z.infer<typeof importReport>

export const intake = {
  /** Looks for tables in a study folder (by name and extension) and counts its files, quickly and read-only. */
  survey: procedure.input(z.object({ folder: path })).output(
    z.object({
      folder: path,
      files: z.int(),
      /** False where counting stopped at a limit. */
      complete: z.boolean(),
      byExtension: z.array(z.object({ extension: z.string(), count: z.int() })),
      tables: z.array(z.object({ path, byteSize: z.int() }))
    })
  ),
  inspectTable: procedure.input(z.object({ path, folder: path.nullable() })).output(tableInspection),
  /** Starts an import, or with dryRun a full rehearsal that writes no film, label or value. */
  start: procedure.input(z.object({ source: importSource, dryRun: z.boolean() })).output(z.object({ jobId })),
  /** Page of the report of an import job; refused and unmatched first. */
  report: procedure
    .input(
      z.object({
        jobId,
        outcomes: z.array(importItem.shape.outcome).nullable(),
        offset: z.int().min(0),
        limit: z.int().min(1).max(1000)
      })
    )
    .output(importReport),
  profiles: procedure.output(z.array(profile)),
  saveProfile: procedure.input(profile).output(z.array(profile)),
  deleteProfile: procedure.input(z.object({ name: z.string() })).output(z.array(profile))
}
