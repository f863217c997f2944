import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { procedure } from './base'
import { filmTags } from './film-tags'
import { filmDetail, labelValue } from './films'
import { jobProgress } from './jobs'
import { bwGrams, filmId, gaDays, patientId, sex, timestamp } from './values'

/** One entry of the append-only history. Values are what they were, never overwritten. */
export const revision = z.object({
  seq: z.int(),
  at: timestamp,
  reader: z.string(),
  kind: z.enum(['label', 'tags', 'clinical-context', 'annotation', 'promotion', 'unblinding']),
  subjectId: z.string(),
  old: z.unknown(),
  new: z.unknown(),
  reason: z.string(),
  /** Sequence number of the entry that this one takes back or brings back. */
  undoes: z.int().nullable(),
  /** Sequence number of the first entry of the bulk change that this one is part of. */
  group: z.int().nullable(),
  hash: z.string()
})
export type Revision = z.infer<typeof revision>

/** A change of many films or infants that is being written, by the bulk action or by undo or redo. */
export const changeUnderWay = z.object({
  id: z.int(),
  way: z.enum(['change', 'undo', 'redo']),
  /** In films or infants, each counted by the work done for it; `step` is the way. */
  progress: jobProgress
})
export type ChangeUnderWay = z.infer<typeof changeUnderWay>

export const contextValue = z.object({
  gaDays: gaDays.nullable(),
  bwGrams: bwGrams.nullable(),
  sex: sex.nullable()
})
export type ContextValue = z.infer<typeof contextValue>

/** What the plausibility check found, worst first. */
export const contextFinding = z.object({
  kind: z.enum([
    'missing-ga',
    'missing-bw',
    'small-for-ga',
    'large-for-ga',
    'bw-in-kilograms',
    'ga-in-days',
    'ga-in-weeks',
    'post-menstrual-age-as-ga',
    'swapped-fields',
    'swapped-digits',
    'out-of-range'
  ]),
  severity: z.enum(['note', 'warn', 'confirm', 'blocked']),
  /** A correction that one key accepts, where the detector has one. */
  suggestion: contextValue.nullable()
})
export type ContextFinding = z.infer<typeof contextFinding>

export const contextAssessment = z.object({
  state: z.enum(['ok', 'missing', 'warn', 'confirm', 'blocked']),
  /** Birth weight z-score for GA and sex; with sex unknown, the one nearer zero; outside the reference's range a continued value, as `reference` then says. */
  zScore: z.number().nullable(),
  reference: z.string(),
  findings: z.array(contextFinding)
})
export type ContextAssessment = z.infer<typeof contextAssessment>

/** Birth weight against days of gestation at round z-scores. */
export const growthCurves = z.object({
  reference: z.string(),
  /** Days between which values are published; beyond them a curve is the reference continued. */
  published: z.object({ first: z.int(), last: z.int() }),
  days: z.array(z.int()),
  /** Weights in grams, one for each of `days`. */
  curves: z.array(z.object({ sex, z: z.number(), grams: z.array(z.int()) }))
})
export type GrowthCurves = z.infer<typeof growthCurves>

export const labelling = {
  /** null takes the label away. Refused with CONFLICT if another revision came after `revision`. */
  setLabel: procedure
    .input(z.object({ filmId, value: labelValue.nullable(), revision: z.int() }))
    .output(filmDetail),
  /** Replaces a film's findings, lines and tubes. Refused with CONFLICT if others were set after `revision`. */
  setTags: procedure.input(z.object({ filmId, tags: filmTags, revision: z.int() })).output(filmDetail),
  setContext: procedure
    .input(z.object({ patientId, value: contextValue, reason: z.string().max(400), revision: z.int() }))
    .output(z.object({ revision: z.int(), assessment: contextAssessment })),
  /** Checks values without saving; numbers outside the hard ranges are allowed here, to be explained. */
  assessContext: procedure
    .input(
      z.object({
        gaDays: z.number().nullable(),
        bwGrams: z.number().nullable(),
        sex: sex.nullable(),
        ageHours: z.number().nullable()
      })
    )
    .output(contextAssessment),
  /** Of one sex; for an unknown one of both. */
  growthCurves: procedure.input(z.object({ sex: sex.nullable() })).output(growthCurves)
}

export const history = {
  /**
   * Takes back this reader's last change that still stands, a bulk change as a whole; null if there is none. The answer is the
   * first entry written, and how many were written together.
   */
  undo: procedure.output(revision.extend({ together: z.int() }).nullable()),
  redo: procedure.output(revision.extend({ together: z.int() }).nullable()),
  /** The change of many that is under way, after every step of it; null while there is none. Ends when the project is closed. */
  underWay: procedure.output(eventIterator(changeUnderWay.nullable())),
  /** Ends a change under way: nothing of it is written, and its caller gets CANCELLED. NOT_FOUND where it is over. */
  cancel: procedure.input(changeUnderWay.pick({ id: true })).output(z.null()),
  list: procedure
    .input(
      z.object({
        subjectId: z.string().nullable(),
        before: z.int().nullable(),
        limit: z.int().min(1).max(1000)
      })
    )
    .output(z.array(revision)),
  /** Recomputes the hash chain. */
  verify: procedure.output(
    z.object({
      intact: z.boolean(),
      entries: z.int(),
      /** First entry whose hash does not follow, and what is wrong. */
      broken: z.object({ seq: z.int(), problem: z.string() }).nullable()
    })
  )
}
