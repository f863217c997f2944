import { z } from 'zod'
import { procedure } from './base'
import { jobId, path } from './values'

export const reportSubject = z.object({ kind: z.enum(['evaluation', 'experiment']), id: jobId })
export type ReportSubject = z.infer<typeof reportSubject>

export const report = z.object({
  folder: path,
  /** One PDF, figures as SVG and PNG, every number as CSV, the model card, the provenance. */
  files: z.array(z.object({ name: z.string(), byteSize: z.int() }))
})
export type Report = z.infer<typeof report>

export const reports = {
  /** Writes the report into a folder of its own below the project. No patient's key, name or image is in it. */
  write: procedure.input(reportSubject).output(report)
}
