import { withInterval, type AdditiveStatistic, type Figure as Known } from './additive'
import { fleissKappa, gwetAc1, krippendorffAlpha, pairwiseAgreement } from './many-readers'
import { countClasses, type Ratings } from './ratings'
import { classAgreement, cohenKappa, percentAgreement } from './two-readers'

/** One film as it was read, by whom; the class of reader j at place j. */
export interface ReadFilm {
  id: string
  patientId: string
  site: string
  gaBand: string
  readings: readonly (number | null)[]
  /** Like `readings`, on a scale with an order; null where none was asked for. */
  graded?: readonly (number | null)[]
}

export interface BootstrapOptions {
  resamples: number
  seed: number
}

/** null where the statistic does not exist. */
type Figure = Known | null

/** Two readers, or one reader twice, or a reader and the model. */
export interface PairAgreement {
  films: number
  infants: number
  percent: Figure
  cohen: Figure
  ac1: Figure
  /** [class] share agreed on of the films that either gave the class. */
  perClass: Figure[]
  /** [classes][classes]: films by what the first and the second said. */
  counts: number[][]
}

export interface PanelAgreement {
  /** Films read at least twice. */
  films: number
  infants: number
  readings: number
  percent: Figure
  /** Over the films with as many readings as most films have. */
  fleiss: Figure
  krippendorff: Figure
  ac1: Figure
}

const ratingsOf = (films: readonly ReadFilm[]): Ratings => films.map(({ readings }) => readings)

/** Of each film the first two readings are compared; films that lack one are left out. */
export function comparePair(
  films: readonly ReadFilm[],
  classes: number,
  options: BootstrapOptions
): PairAgreement {
  const both = films.filter(({ readings: [a, b] }) => isGiven(a) && isGiven(b))
  const infants = both.map(({ patientId }) => patientId)
  const ratings = ratingsOf(both)
  const figure = (statistic: AdditiveStatistic) => withInterval(statistic, ratings, infants, options)
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (const [a, b] of ratings) counts[a!]![b!]!++
  return {
    films: both.length,
    infants: new Set(infants).size,
    percent: figure(percentAgreement(classes)),
    cohen: figure(cohenKappa(classes)),
    ac1: figure(gwetAc1(classes)),
    perClass: counts.map((_, k) => figure(classAgreement(classes, k))),
    counts
  }
}

/** All readers of a panel together. */
export function comparePanel(
  films: readonly ReadFilm[],
  classes: number,
  options: BootstrapOptions
): PanelAgreement {
  const several = films.filter(({ readings }) => readings.filter(isGiven).length >= 2)
  const infants = several.map(({ patientId }) => patientId)
  const ratings = ratingsOf(several)
  const figure = (statistic: AdditiveStatistic) => withInterval(statistic, ratings, infants, options)
  const readings = commonestCount(several)
  return {
    films: several.length,
    infants: new Set(infants).size,
    readings,
    percent: figure(pairwiseAgreement(classes)),
    fleiss: figure(fleissKappa(classes, readings)),
    krippendorff: figure(krippendorffAlpha(classes)),
    ac1: figure(gwetAc1(classes))
  }
}

export interface ClassPairAgreement {
  first: number
  second: number
  /** Films on which every reading is one of the two classes. */
  films: number
  infants: number
  /** Films on which one reading was the first class and another the second. */
  disagreed: string[]
  percent: Figure
  ac1: Figure
  krippendorff: Figure
  /** Quadratic kappa of the first two readings over the graded scale; null without grades. */
  weighted: Figure
}

/**
 * One pair of classes: how steadily readers tell them apart where all think it is one of the two. Grades, where they are
 * given, run over four steps: first class sure, unsure, second class unsure, sure.
 */
export function compareClassPair(
  films: readonly ReadFilm[],
  [first, second]: readonly [number, number],
  options: BootstrapOptions
): ClassPairAgreement {
  const several = films.filter(({ readings }) => readings.filter(isGiven).length >= 2)
  const among = several.filter(({ readings }) =>
    readings.every(given => !isGiven(given) || given === first || given === second)
  )
  const infants = among.map(({ patientId }) => patientId)
  const ratings = among.map(({ readings }) =>
    readings.map(given => (isGiven(given) ? Number(given === second) : null))
  )
  const figure = (statistic: AdditiveStatistic) => withInterval(statistic, ratings, infants, options)
  const graded = among.filter(({ graded: grades }) => grades !== undefined)
  return {
    first,
    second,
    films: among.length,
    infants: new Set(infants).size,
    disagreed: several
      .filter(({ readings }) => readings.includes(first) && readings.includes(second))
      .map(({ id }) => id),
    percent: figure(pairwiseAgreement(2)),
    ac1: figure(gwetAc1(2)),
    krippendorff: figure(krippendorffAlpha(2)),
    weighted: withInterval(
      cohenKappa(4, 'quadratic'),
      graded.map(film => firstTwo(film.graded!)),
      graded.map(({ patientId }) => patientId),
      options
    )
  }
}

/** The same question in parts of the films: by site, by GA band. */
export function panelBy(
  films: readonly ReadFilm[],
  key: 'site' | 'gaBand',
  classes: number,
  options: BootstrapOptions
): { value: string; agreement: PanelAgreement }[] {
  return [...new Set(films.map(film => film[key]))].sort().map(value => ({
    value,
    agreement: comparePanel(
      films.filter(film => film[key] === value),
      classes,
      options
    )
  }))
}

/** The two readings that a two-reader statistic takes of a film read by more: those that come first. */
function firstTwo(readings: readonly (number | null)[]): (number | null)[] {
  const given = readings.filter(isGiven)
  return [given[0] ?? null, given[1] ?? null]
}

/** How many readings most films have; the larger number where two are as common. */
function commonestCount(films: readonly ReadFilm[]): number {
  const counts = countClasses(
    films.map(({ readings }) => readings.filter(isGiven).length),
    1 + Math.max(0, ...films.map(({ readings }) => readings.length))
  )
  return counts.lastIndexOf(Math.max(...counts))
}

function isGiven(reading: number | null | undefined): reading is number {
  return reading !== null && reading !== undefined
}
