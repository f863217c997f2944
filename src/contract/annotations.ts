import { z } from 'zod'
import { procedure } from './base'
import { ANNOTATION_POINTS } from './constants'
import { filmId, timestamp } from './values'

/** Film coordinates: pixel (column, row) covers [column, column + 1) x [row, row + 1). */
export const filmPoint = z.object({ u: z.number(), v: z.number() })
export type FilmPoint = z.infer<typeof filmPoint>

export const annotationKind = z.enum(['length', 'angle', 'rectangle', 'ellipse'])
export type AnnotationKind = z.infer<typeof annotationKind>

/** What a reader drew over a film. What it measures is computed from the film whenever it is shown, and never stored. */
export const annotationValue = z
  .object({ kind: annotationKind, points: z.array(filmPoint).max(3), note: z.string().max(400) })
  .refine(({ kind, points }) => points.length === ANNOTATION_POINTS[kind], {
    path: ['points'],
    message: 'not as many points as this kind of annotation has'
  })
export type AnnotationValue = z.infer<typeof annotationValue>

export const annotation = z.object({
  id: filmId,
  value: annotationValue,
  /** Sequence number of its last revision; sent back when writing. */
  revision: z.int(),
  at: timestamp
})
export type Annotation = z.infer<typeof annotation>

/** Every reader sees and changes only what is their own. Undo and history are those of labels. */
export const annotations = {
  /** Of the reader who asks, in the order in which they were drawn. */
  list: procedure.input(z.object({ filmId })).output(z.array(annotation)),
  /**
   * Draws one under a fresh id that the caller makes up, changes it, or takes it away (`value` null). Refused with
   * CONFLICT if another revision of it came after `revision` (0 for a new one). Answers as `list`.
   */
  save: procedure
    .input(
      z.object({
        filmId,
        id: filmId,
        value: annotationValue.nullable(),
        revision: z.int()
      })
    )
    .output(z.array(annotation))
}
