import { createRandom } from '../foundation'
import { SIDES, type Proportions, type Side } from './sides'

/** What is placed on one side as a whole: an infant, or several who share a film. */
export interface Unit {
  /** Unique; with the seed it decides the unit's turn. */
  id: string
  /**
   * What it brings to each stratum: films by class x site, by class, by site, in all, and infants likewise. A stratum that is
   * to be `everywhere` shall not be absent from a side.
   */
  films: readonly { stratum: string; count: number; everywhere?: boolean }[]
  /** The side that the unit keeps, or null where it is to be placed. */
  fixed: Side | null
}

/** Rounds of improvement; on real cohorts nothing is left to improve after three or four. */
const MOST_ROUNDS = 12
/** What a move must gain, so that rounding errors cannot move a unit to and fro. */
const LEAST_GAIN = 1e-9

/**
 * Places units on sides so that every stratum is divided by the proportions as nearly as whole units allow: one pass in
 * random order in which each unit goes where the strata it fills are furthest from full (the greedy idea of iterative
 * stratification, Sechidis et al. 2011, for units of several films), then rounds that move single units for as long as
 * that brings the counts closer.
 *
 * The distance is the sum over strata and sides of (films - target)^2 / target^(1/2): between absolute errors, which
 * would neglect rare strata, and chi-square, which would neglect totals. Between the two passes a side that lacks a stratum
 * which is to be everywhere gets the unit that costs least, where another side can spare one.
 *
 * The result depends on the units' ids and films, the proportions and the seed only, not on the order of `units`.
 * @returns the side of each unit, in the order of `units`
 */
export function stratify(units: readonly Unit[], proportions: Proportions, seed: number): Side[] {
  const strata = [...new Set(units.flatMap(unit => unit.films.map(film => film.stratum)))].sort()
  const indexOf = new Map(strata.map((stratum, index) => [stratum, index]))
  const everywhere = new Set(
    units
      .flatMap(unit => unit.films.flatMap(film => (film.everywhere ? indexOf.get(film.stratum)! : [])))
      .sort((a, b) => a - b)
  )
  const totals = new Float64Array(strata.length)
  const fillings = units.map(unit => {
    const filling = unit.films.map(({ stratum, count }) => ({ stratum: indexOf.get(stratum)!, count }))
    for (const { stratum, count } of filling) totals[stratum]! += count
    return filling.sort((a, b) => a.stratum - b.stratum)
  })
  const targets = SIDES.map((_, side) => totals.map(total => total * proportions[side]!))
  const weights = targets.map(target => target.map(films => 1 / Math.sqrt(films)))
  const filled = SIDES.map(() => new Float64Array(strata.length))
  const sideOf = new Int8Array(units.length).fill(-1)

  /** What the distance grows by when a unit that is on no side is put on this one. */
  function costOf(unit: number, side: number): number {
    let cost = 0
    for (const { stratum, count } of fillings[unit]!) {
      const short = targets[side]![stratum]! - filled[side]![stratum]!
      cost += count * (count - 2 * short) * weights[side]![stratum]!
    }
    return cost
  }
  function put(unit: number, side: number): void {
    for (const { stratum, count } of fillings[unit]!) filled[side]![stratum]! += count
    sideOf[unit] = side
  }
  function take(unit: number): void {
    const side = sideOf[unit]!
    for (const { stratum, count } of fillings[unit]!) filled[side]![stratum]! -= count
    sideOf[unit] = -1
  }
  /** False where a unit's side would be left without a stratum that is to be everywhere. */
  function canSpare(unit: number): boolean {
    const side = sideOf[unit]!
    return fillings[unit]!.every(
      ({ stratum, count }) => !everywhere.has(stratum) || filled[side]![stratum]! > count
    )
  }
  function cheapest(unit: number, sides: readonly number[]): { side: number; cost: number } {
    let best = { side: sides[0]!, cost: Infinity }
    for (const side of sides) {
      const cost = costOf(unit, side)
      if (cost < best.cost) best = { side, cost }
    }
    return best
  }

  const random = createRandom(seed, 'split')
  const byId = units.map((_, index) => index).sort((a, b) => (units[a]!.id < units[b]!.id ? -1 : 1))
  const order = random.shuffle(byId.filter(unit => units[unit]!.fixed === null))
  const sides = random.shuffle([0, 1, 2])
  units.forEach((unit, index) => unit.fixed !== null && put(index, SIDES.indexOf(unit.fixed)))
  for (const unit of order) put(unit, cheapest(unit, sides).side)

  for (const side of sides) {
    for (const stratum of everywhere) {
      if (filled[side]![stratum]! > 0) continue
      let best: { unit: number; cost: number } | null = null
      for (const unit of order) {
        if (!fillings[unit]!.some(filling => filling.stratum === stratum) || !canSpare(unit)) continue
        const from = sideOf[unit]!
        take(unit)
        const cost = costOf(unit, side) - costOf(unit, from)
        put(unit, from)
        if (best === null || cost < best.cost) best = { unit, cost }
      }
      if (best === null) continue
      take(best.unit)
      put(best.unit, side)
    }
  }

  for (let round = 0, moved = true; moved && round < MOST_ROUNDS; round++) {
    moved = false
    for (const unit of order) {
      if (!canSpare(unit)) continue
      const from = sideOf[unit]!
      take(unit)
      const stay = costOf(unit, from)
      const best = cheapest(unit, sides)
      const better = best.cost < stay - LEAST_GAIN
      put(unit, better ? best.side : from)
      moved ||= better
    }
  }
  return Array.from(sideOf, side => SIDES[side]!)
}
