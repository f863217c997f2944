import { exclusionOf, type CandidateFilm } from './candidates'
import { tabulate, type ClassSiteTable } from './class-site-table'
import { manifestHash, sidesOf, type Manifest } from './manifest'
import { equalFilms, type SharedContent } from './shared-content'
import { SIDES, type Side } from './sides'

/** A film of the project as it is now, with what may tell that two films or infants are one. */
export interface PresentFilm extends CandidateFilm {
  sopInstanceUid: string | null
  birthTime: string | null
  sex: string | null
}

/**
 * infant: films of one infant, as the project has it now, on several sides; fingerprint, pixels: equal films on several
 * sides. Films of infants on a side count, in the manifest or not.
 */
export interface Leak {
  kind: 'infant' | SharedContent
  sides: Side[]
  filmIds: string[]
}

/** How the project has changed since the split was made; none of it changes the split. */
export interface Drift {
  /** Films of the manifest with another class now, without a class, not readable, with implausible GA/BW. */
  relabelled: number
  unlabelled: number
  unreadable: number
  implausible: number
  /** Films of the manifest that belong to another infant now, on the same side or on none. */
  moved: number
  /** Usable films outside the manifest: of its infants, which are on their sides, and of infants that are on none. */
  added: number
  unassigned: number
}

/** Pairs worth a look: anonymisers and twins can make them without a leak. */
export interface Suspicions {
  /** SOP Instance UIDs that films on different sides share. */
  instanceUids: number
  /** Groups of infants on different sides with the same time of birth, sex, GA and BW. */
  infants: number
}

export interface SplitCheck {
  /** True where nothing leaks and the manifest is the one that was made. */
  passed: boolean
  hash: { recorded: string; computed: string; intact: boolean }
  /** The first of them, and how many there are. */
  leaks: Leak[]
  leakCount: number
  drift: Drift
  suspicions: Suspicions
  /** Films of the manifest whose pixels were compared, of all. */
  pixels: { compared: number; films: number }
  table: ClassSiteTable
}

const MOST_LEAKS = 100

/**
 * Holds a split against the project as it is now.
 * @param siteOf site of each infant by id
 */
export function checkSplit(
  manifest: Manifest,
  recordedHash: string,
  films: readonly PresentFilm[],
  siteOf: ReadonlyMap<string, string>
): SplitCheck {
  const sides = sidesOf(manifest)
  const written = new Map(manifest.films.map(film => [film.id, film]))
  /** A film of the manifest counts on the side where it was put, any other on its infant's. */
  const sideOf = (film: CandidateFilm) =>
    sides.get(written.get(film.id)?.patientId ?? film.patientId) ?? sides.get(film.patientId)
  const onSides = films.filter(film => sideOf(film) !== undefined)

  const leaks: Leak[] = []
  for (const { kind, films: group } of [
    ...groupBy(onSides, film => film.patientId).map(group => ({ kind: 'infant' as const, films: group })),
    ...equalFilms(onSides)
  ]) {
    const met = SIDES.filter(side =>
      group.some(film => sideOf(film) === side || (kind === 'infant' && sides.get(film.patientId) === side))
    )
    if (met.length > 1) leaks.push({ kind, sides: met, filmIds: group.map(film => film.id).sort() })
  }
  const acrossSides = (keyOf: (film: PresentFilm) => string | null) =>
    groupBy(onSides, keyOf).filter(group => new Set(group.map(sideOf)).size > 1).length

  const computed = manifestHash(manifest)
  const intact = computed === recordedHash
  return {
    passed: intact && leaks.length === 0,
    hash: { recorded: recordedHash, computed, intact },
    leaks: leaks.slice(0, MOST_LEAKS),
    leakCount: leaks.length,
    drift: findDrift(manifest, films, sides),
    suspicions: {
      instanceUids: acrossSides(film => film.sopInstanceUid),
      infants: acrossSides(infantTraits)
    },
    pixels: {
      compared: films.filter(film => film.pixels !== null && written.has(film.id)).length,
      films: manifest.films.length
    },
    table: tabulate(manifest, siteOf)
  }
}

/** What two records of one infant would share; null where too little is known. */
function infantTraits({ birthTime, sex, gaDays, bwGrams }: PresentFilm): string | null {
  const traits = [birthTime, sex, gaDays, bwGrams]
  return traits.includes(null) ? null : JSON.stringify(traits)
}

function groupBy<Film>(films: readonly Film[], keyOf: (film: Film) => string | null): Film[][] {
  const groups = new Map<string, Film[]>()
  for (const film of films) {
    const key = keyOf(film)
    if (key === null) continue
    const group = groups.get(key)
    if (group) group.push(film)
    else groups.set(key, [film])
  }
  return [...groups.values()]
}

function findDrift(
  manifest: Manifest,
  films: readonly CandidateFilm[],
  sides: ReadonlyMap<string, Side>
): Drift {
  const written = new Map(manifest.films.map(film => [film.id, film]))
  const drift: Drift = {
    relabelled: 0,
    unlabelled: 0,
    unreadable: 0,
    implausible: 0,
    moved: 0,
    added: 0,
    unassigned: 0
  }
  for (const film of films) {
    const then = written.get(film.id)
    const reason = exclusionOf(film)
    if (!then) {
      if (reason === null) drift[sides.has(film.patientId) ? 'added' : 'unassigned']++
      continue
    }
    if (film.label === null) drift.unlabelled++
    else if (film.label !== then.label) drift.relabelled++
    if (film.missing) drift.unreadable++
    if (reason === 'implausible-context') drift.implausible++
    const side = sides.get(film.patientId)
    if (film.patientId !== then.patientId && (!side || side === sides.get(then.patientId))) drift.moved++
  }
  return drift
}
