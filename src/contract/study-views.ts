import { z } from 'zod'
import { procedure } from './base'
import { filmFilter, filmSort } from './films'
import { timestamp } from './values'

/** Columns of the Studies table, in the order that a new user finds them in. */
export const studyColumnKey = z.enum([
  'film',
  'patientKey',
  'series',
  'site',
  'filmTime',
  'ageHours',
  'viewPosition',
  'sex',
  'gaDays',
  'bwGrams',
  'contextState',
  'label',
  'predicted',
  'confidence',
  'path',
  'labelledBy',
  'splitSide',
  'tags'
])
export type StudyColumnKey = z.infer<typeof studyColumnKey>

/** One column as a user has laid it out; width in CSS pixels. */
export const studyColumn = z.object({
  key: studyColumnKey,
  shown: z.boolean(),
  width: z.int().min(24).max(1200)
})
export type StudyColumn = z.infer<typeof studyColumn>

/** A way of looking at the Studies table, kept in the project for all its readers. */
export const studyView = z.object({
  id: z.string().regex(/^[a-z2-7]{26}$/),
  name: z.string().trim().min(1).max(80),
  filter: filmFilter,
  sort: filmSort,
  /** null leaves the columns as the reader has them. */
  columns: z.array(studyColumn).nullable(),
  /** Shown when Studies opens; true for at most one. */
  isDefault: z.boolean(),
  changedBy: z.string(),
  changedAt: timestamp
})
export type StudyView = z.infer<typeof studyView>

export const views = {
  /** By name. */
  list: procedure.output(z.array(studyView)),
  /** Makes a view or replaces the one with this id; also brings back one that was removed. Names differ. */
  save: procedure
    .input(
      studyView
        .pick({ name: true, filter: true, sort: true, columns: true })
        .extend({ id: studyView.shape.id.nullable(), isDefault: z.boolean() })
    )
    .output(studyView),
  remove: procedure.input(studyView.pick({ id: true })).output(z.null())
}
