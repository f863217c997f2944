import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ContextSurface, Flip } from '../../../contract'
import { BW_RANGE_GRAMS, DIAGNOSES, GA_RANGE_DAYS } from '../../domain'
import { NeoGateError } from '../../foundation'
import { plausibilityZScore, Z_LIMITS } from '../../growth'
import { contextSurface, flipAlong, smallestFlip, type FlipSearch } from '../../ml/explain'
import { gateInput, winner } from '../predictions'
import type { FilmHead } from './film-head'

/** Fineness of the surface; the smallest changes are followed to a day and ten grams. */
const STEP_DAYS = 2
const STEP_GRAMS = 100

const axis = ({ low, high }: { low: number; high: number }, step: number) =>
  Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step)
const rounded = (value: number) => Math.round(value * 1e5) / 1e5

/** @throws NeoGateError INVALID_INPUT where GA and BW do not enter behind the pooled features */
export async function surfaceOf(film: FilmHead | null, method: string): Promise<ContextSurface> {
  if (!film || film.definition.context !== 'pooled') throw noSurface(method, film !== null)
  const { model, head, pooled, row } = film
  const given = gateInput(model, row)
  const gaAxis = axis(GA_RANGE_DAYS, STEP_DAYS)
  const bwAxis = axis(BW_RANGE_GRAMS, STEP_GRAMS)
  const work = contextSurface(head, pooled, gaAxis, bwAxis)
  let step = work.next()
  while (!step.done) {
    await nextTurn()
    step = work.next()
  }
  const surface = step.value
  const z = (gaDays: number, bwGrams: number) => plausibilityZScore(gaDays, bwGrams, row.sex)
  const from = { gaDays: Math.round(given.gaDays), bwGrams: Math.round(given.bwGrams) }
  const search: FlipSearch = { from, scale: model.card.context }
  const allowed = (gaDays: number, bwGrams: number) => Math.abs(z(gaDays, bwGrams)) < Z_LIMITS.warn
  const named = (flip: ReturnType<typeof smallestFlip>): Flip | null =>
    flip && {
      ...flip,
      predicted: DIAGNOSES[flip.predicted]!,
      zScore: rounded(z(flip.gaDays, flip.bwGrams))
    }
  const { classes } = head
  const points = gaAxis.length * bwAxis.length
  return {
    modelId: model.id,
    ...given,
    gaAxis,
    bwAxis,
    probabilities: Array.from({ length: classes }, (_, k) =>
      Array.from({ length: points }, (_, point) => rounded(surface.probabilities[point * classes + k]!))
    ),
    predictedAt: Array.from(surface.predicted),
    zScores: bwAxis.flatMap(bwGrams => gaAxis.map(gaDays => rounded(z(gaDays, bwGrams)))),
    limits: { warn: Z_LIMITS.warn, blocked: Z_LIMITS.blocked },
    predicted: winner(head.logits(pooled, given.gaDays, given.bwGrams)).predicted,
    flips: {
      any: named(smallestFlip(head, pooled, surface, search)),
      plausible: named(smallestFlip(head, pooled, surface, { ...search, allowed })),
      gaDays: named(flipAlong(head, pooled, 'gaDays', GA_RANGE_DAYS, search)),
      bwGrams: named(flipAlong(head, pooled, 'bwGrams', BW_RANGE_GRAMS, search))
    }
  }
}

function noSurface(method: string, behind: boolean): NeoGateError {
  return behind
    ? new NeoGateError(
        'INVALID_INPUT',
        `${method} does not use GA and BW: every value gives the same answer.`,
        {
          field: 'modelId',
          reason: 'no-context',
          remedy: 'Choose a version that uses GA and BW.'
        }
      )
    : new NeoGateError(
        'INVALID_INPUT',
        `${method} takes GA and BW in ahead of the image features: a surface would take the whole network thousands of times.`,
        { field: 'modelId', reason: 'backbone', remedy: 'Choose a version of ccgn or late-fusion.' }
      )
}
