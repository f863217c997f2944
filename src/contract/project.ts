import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { procedure } from './base'
import { path, timestamp } from './values'

export const projectSummary = z.object({
  folder: path,
  name: z.string(),
  createdAt: timestamp,
  schemaVersion: z.int(),
  /** True for the synthetic demo project. */
  demo: z.boolean(),
  counts: z.object({
    films: z.int(),
    patients: z.int(),
    sites: z.int(),
    labelled: z.int(),
    predicted: z.int(),
    refused: z.int()
  })
})
export type ProjectSummary = z.infer<typeof projectSummary>

/** Something that a screen may show has changed; ids are given where few are concerned, else null. */
export const projectChange = z.object({
  /** Grows by one with every change of the project. */
  version: z.int(),
  areas: z.array(
    z.enum([
      'films',
      'labels',
      'annotations',
      'clinical-context',
      'predictions',
      'models',
      'splits',
      'evaluations',
      'experiments',
      'jobs',
      'review',
      'views'
    ])
  ),
  filmIds: z.array(z.string()).nullable()
})
export type ProjectChange = z.infer<typeof projectChange>

export const project = {
  /** null while no project is open. */
  current: procedure.output(projectSummary.nullable()),
  create: procedure
    .input(z.object({ folder: path, name: z.string().trim().min(1).max(120) }))
    .output(projectSummary),
  open: procedure.input(z.object({ folder: path })).output(projectSummary),
  close: procedure.output(z.null()),
  /** Opens the demo project, drawing it first if it is not there; takes seconds then. */
  openDemo: procedure.output(projectSummary),
  /** Changes from now on; ends when the project is closed. */
  changes: procedure.output(eventIterator(projectChange))
}
