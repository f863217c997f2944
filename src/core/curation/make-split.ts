import { DIAGNOSES, type Diagnosis } from '../domain'
import { NeoGateError } from '../foundation'
import {
  countContexts,
  exclusionOf,
  EXCLUSIONS,
  type CandidateFilm,
  type ContextCounts,
  type Exclusion
} from './candidates'
import { classCounts, tabulate, type ClassSiteTable } from './class-site-table'
import { byId, manifestHash, sidesOf, type Manifest } from './manifest'
import { linkInfants } from './shared-content'
import { SIDES, type Proportions, type Side } from './sides'
import { stratify, type Unit } from './stratify'

/**
 * class-without-films: `diagnosis` has no film anywhere. class-missing-on-side: it has none on `side`, where no score of it
 * can be computed. few-films: `side` has `count` films, fewer than there are classes. linked-infants: `count` infants share
 * a film with another one and were kept together. linked-apart: `count` such infants were on different sides of the
 * extended split already. films-dropped: `count` films of the extended split cannot be used any more.
 * films-changed-side: `count` of its films belong to an infant of another side now.
 */
export interface SplitWarning {
  code:
    | 'class-without-films'
    | 'class-missing-on-side'
    | 'few-films'
    | 'linked-infants'
    | 'linked-apart'
    | 'films-dropped'
    | 'films-changed-side'
  diagnosis: Diagnosis | null
  side: Side | null
  count: number
}

/** What was found when a split was made. */
export interface SplitReport {
  candidates: number
  excluded: Record<Exclusion, number>
  /** Of the films in the manifest. */
  context: ContextCounts
  warnings: SplitWarning[]
}

export interface MadeSplit {
  manifest: Manifest
  hash: string
  report: SplitReport
  table: ClassSiteTable
}

export interface SplitOptions {
  proportions: Proportions
  seed: number
  /** A split whose infants keep their sides, with its hash; new infants are placed around them. */
  extend: { manifest: Manifest; hash: string } | null
}

/**
 * Divides the films that can be used by infant, stratified on class and site. The result does not depend on the order of
 * the films.
 * @throws NeoGateError INVALID_INPUT where there are fewer infants than sides
 */
export function makeSplit(candidates: readonly CandidateFilm[], options: SplitOptions): MadeSplit {
  const excluded = Object.fromEntries(EXCLUSIONS.map(reason => [reason, 0])) as Record<Exclusion, number>
  const films = candidates.filter(film => {
    const reason = exclusionOf(film)
    if (reason) excluded[reason]++
    return reason === null
  })
  const { proportions, seed, extend } = options
  const kept = extend ? sidesOf(extend.manifest) : new Map<string, Side>()
  const groupOf = linkInfants(candidates)
  const sides = placeInfants(films, groupOf, kept, options)
  const manifest: Manifest = {
    proportions,
    seed,
    parentHash: extend?.hash ?? null,
    patients: [...sides].map(([id, side]) => ({ id, side })).sort(byId),
    films: films.map(({ id, patientId, label }) => ({ id, patientId, label: label! })).sort(byId)
  }
  const table = tabulate(manifest, new Map(films.map(film => [film.patientId, film.site])))
  const warnings = [
    ...warnOfCounts(table),
    ...warnOfLinks(groupOf, sides),
    ...(extend ? warnOfChanges(extend.manifest, manifest) : [])
  ]
  const context = countContexts(films)
  return {
    manifest,
    hash: manifestHash(manifest),
    report: { candidates: candidates.length, excluded, context, warnings },
    table
  }
}

/** Side of every infant that has usable films, and of every infant that was on a side before. */
function placeInfants(
  films: readonly CandidateFilm[],
  groupOf: ReadonlyMap<string, string>,
  kept: ReadonlyMap<string, Side>,
  { proportions, seed }: SplitOptions
): Map<string, Side> {
  const groupSides = new Map<string, Side>()
  for (const [infant, side] of [...kept].sort()) {
    const group = groupOf.get(infant)
    if (group !== undefined && !groupSides.has(group)) groupSides.set(group, side)
  }
  /** An infant that was on a side stays there, even where an infant it is linked with is on another. */
  const unitOf = (infant: string) => (kept.has(infant) ? `kept ${infant}` : groupOf.get(infant)!)

  const filmsOf = new Map<string, CandidateFilm[]>()
  for (const film of films) {
    const unit = unitOf(film.patientId)
    const known = filmsOf.get(unit)
    if (known) known.push(film)
    else filmsOf.set(unit, [film])
  }
  const units = [...filmsOf].map(([id, unitFilms]): Unit => {
    const [{ patientId }] = unitFilms as [CandidateFilm]
    const fixed = kept.get(patientId) ?? groupSides.get(groupOf.get(patientId)!) ?? null
    return { id, films: stratumCounts(unitFilms), fixed }
  })
  if (units.length < SIDES.length) {
    throw new NeoGateError(
      'INVALID_INPUT',
      `There are ${units.length} infants with films that can be used, fewer than the ${SIDES.length} sides of a split.`,
      { field: 'films', remedy: 'Label films of more infants, or review those left out, then try again.' }
    )
  }
  const placed = new Map(stratify(units, proportions, seed).map((side, index) => [units[index]!.id, side]))
  const sides = new Map(kept)
  for (const { patientId } of films) sides.set(patientId, placed.get(unitOf(patientId))!)
  return sides
}

/**
 * Films by class and site, by class, by site and in all; infants by site and in all, since otherwise infants with many
 * films would all come to the largest side.
 */
function stratumCounts(films: readonly CandidateFilm[]): Unit['films'] {
  const counts = new Map<string, number>()
  const add = (stratum: string) => counts.set(stratum, (counts.get(stratum) ?? 0) + 1)
  for (const { label, site } of films) {
    add('film')
    add(`film at ${site}`)
    add(`film of ${label!}`)
    add(`film of ${label!} at ${site}`)
  }
  const siteOf = new Map(films.map(({ patientId, site }) => [patientId, site]))
  for (const site of siteOf.values()) {
    add('infant')
    add(`infant at ${site}`)
  }
  return [...counts].map(([stratum, count]) => ({ stratum, count, everywhere: NEEDED.has(stratum) }))
}

/** Without any infant a side is none; without a class that class cannot be judged on it. */
const NEEDED = new Set(['infant', ...DIAGNOSES.map(label => `film of ${label}`)])

const warning = (code: SplitWarning['code'], about: Partial<SplitWarning>): SplitWarning => ({
  code,
  diagnosis: null,
  side: null,
  count: 0,
  ...about
})

function warnOfCounts(table: ClassSiteTable): SplitWarning[] {
  const warnings: SplitWarning[] = []
  for (const diagnosis of DIAGNOSES) {
    const counts = classCounts(table, diagnosis)
    if (SIDES.every(side => counts[side] === 0)) {
      warnings.push(warning('class-without-films', { diagnosis }))
      continue
    }
    for (const side of SIDES) {
      if (counts[side] === 0) warnings.push(warning('class-missing-on-side', { diagnosis, side }))
    }
  }
  for (const side of SIDES) {
    const count = table.films[side]
    if (count < DIAGNOSES.length) warnings.push(warning('few-films', { side, count }))
  }
  return warnings
}

function warnOfLinks(groupOf: ReadonlyMap<string, string>, sides: ReadonlyMap<string, Side>): SplitWarning[] {
  const groups = new Map<string, string[]>()
  for (const [infant, group] of groupOf) groups.set(group, [...(groups.get(group) ?? []), infant])
  const linked = [...groups.values()].filter(infants => infants.length > 1)
  const apart = linked.filter(infants => new Set(infants.flatMap(infant => sides.get(infant) ?? [])).size > 1)
  const infantsIn = (some: string[][]) => some.reduce((total, infants) => total + infants.length, 0)
  return [
    ...(linked.length > 0 ? [warning('linked-infants', { count: infantsIn(linked) })] : []),
    ...(apart.length > 0 ? [warning('linked-apart', { count: infantsIn(apart) })] : [])
  ]
}

function warnOfChanges(before: Manifest, after: Manifest): SplitWarning[] {
  const [oldSides, newSides] = [sidesOf(before), sidesOf(after)]
  const infantOf = new Map(after.films.map(({ id, patientId }) => [id, patientId]))
  let dropped = 0
  let changed = 0
  for (const { id, patientId } of before.films) {
    const infant = infantOf.get(id)
    if (infant === undefined) dropped++
    else if (newSides.get(infant) !== oldSides.get(patientId)) changed++
  }
  return [
    ...(dropped > 0 ? [warning('films-dropped', { count: dropped })] : []),
    ...(changed > 0 ? [warning('films-changed-side', { count: changed })] : [])
  ]
}
