import { z } from 'zod'
import { procedure } from './base'
import { protocolName } from './protocols'
import { diagnosis, filmId } from './values'

/**
 * A statistic with its 95 % interval from resampling whole infants; null where it does not exist, without an interval where
 * fewer than six infants carry it.
 */
export const agreementFigure = z
  .object({
    estimate: z.number(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    resamples: z.int()
  })
  .nullable()
export type AgreementFigure = z.infer<typeof agreementFigure>

/** Somebody or something that gave films a class: a reader, the labels of the project, the active model. */
export const rater = z.object({ kind: z.enum(['reader', 'label', 'model']), name: z.string() })
export type Rater = z.infer<typeof rater>

const counted = { films: z.int(), infants: z.int() }

export const pairAgreement = z.object({
  ...counted,
  percent: agreementFigure,
  cohen: agreementFigure,
  ac1: agreementFigure,
  /** By class: the share agreed on of the films that either gave it. */
  perClass: z.array(agreementFigure),
  /** [class of the first][class of the second] films. */
  counts: z.array(z.array(z.int()))
})
export type PairAgreement = z.infer<typeof pairAgreement>

export const panelAgreement = z.object({
  ...counted,
  /** Readings per film that Fleiss' kappa was taken over. */
  readings: z.int(),
  percent: agreementFigure,
  fleiss: agreementFigure,
  krippendorff: agreementFigure,
  ac1: agreementFigure
})
export type PanelAgreement = z.infer<typeof panelAgreement>

export const classPairAgreement = z.object({
  classes: z.tuple([diagnosis, diagnosis]),
  ...counted,
  /** Films on which one reader gave the first class and another the second. */
  disagreed: z.array(filmId),
  percent: agreementFigure,
  ac1: agreementFigure,
  krippendorff: agreementFigure,
  /** Quadratic kappa of the first two readings over first class sure, unsure, second class unsure, sure. */
  weighted: agreementFigure
})
export type ClassPairAgreement = z.infer<typeof classPairAgreement>

export const agreementSummary = z.object({
  raters: z.array(rater.extend({ films: z.int() })),
  /** The readers together, without label and model. */
  panel: panelAgreement,
  /** The pair that was asked for first, then every other that readers disagreed on, by how often. */
  classPairs: z.array(classPairAgreement),
  bySite: z.array(z.object({ value: z.string(), agreement: panelAgreement })),
  byGaBand: z.array(z.object({ value: z.string(), agreement: panelAgreement })),
  /** Every two raters with films in common; indices into `raters`. */
  pairs: z.array(
    z.object({
      first: z.int(),
      second: z.int(),
      films: z.int(),
      percent: agreementFigure,
      cohen: agreementFigure,
      ac1: agreementFigure
    })
  ),
  /** Each reader against the same reader's hidden second reading. */
  intra: z.array(z.object({ reader: z.string(), agreement: pairAgreement }))
})
export type AgreementSummary = z.infer<typeof agreementSummary>

/** null: the readings of all protocols. */
const where = { protocol: protocolName.nullable() }

export const agreement = {
  summary: procedure
    .input(
      z.object({
        ...where,
        classes: z.tuple([diagnosis, diagnosis]).default(['TTN', 'RDS']),
        resamples: z.int().min(100).max(10_000).default(1000)
      })
    )
    .output(agreementSummary),
  /** Two raters class by class. */
  pair: procedure
    .input(
      z.object({
        ...where,
        first: rater,
        second: rater,
        resamples: z.int().min(100).max(10_000).default(1000)
      })
    )
    .output(pairAgreement),
  /** The films behind a cell: those that the first gave `classes[0]` and the second `classes[1]`; null: all that differ. */
  films: procedure
    .input(
      z.object({ ...where, first: rater, second: rater, classes: z.tuple([diagnosis, diagnosis]).nullable() })
    )
    .output(z.array(filmId)),
  /**
   * Readings as a table for multi-reader multi-case analysis of one class against the rest. Rating 1 to 4: surely not,
   * perhaps not, perhaps, surely the class. Truth is the film's label.
   */
  export: procedure
    .input(z.object({ ...where, positive: diagnosis, format: z.enum(['imrmc', 'mrmcaov']) }))
    .output(z.object({ fileName: z.string(), text: z.string(), readers: z.int(), films: z.int() }))
}
