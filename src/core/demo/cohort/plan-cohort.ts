import { createHash } from 'node:crypto'
import { DIAGNOSES, type Diagnosis } from '../../domain'
import { createRandom, type Random } from '../../foundation'
import type { FilmSpec } from '../film-spec'
import { drawBirthWeight } from './birth-weight'
import { COURSES, COURSE_SHARES, drawCourse, drawGestation, type Course } from './course'
import {
  CONTEXT_ERRORS,
  enterContext,
  spoilContext,
  type ContextError,
  type EnteredContext
} from './entry-errors'
import { drawAnatomy, drawDetector, drawDevices, drawPose, scaleAt, weightAt } from './exposure'
import { SITES, type Site } from './sites'

/** Share of films whose label in the table is wrong, and of infants whose GA or BW is. */
export const WRONG_LABEL_SHARE = 0.06
export const WRONG_CONTEXT_SHARE = 0.06
/** Share of infants whose birth weight nobody entered. */
const MISSING_WEIGHT_SHARE = 0.02

export interface PlannedFilm {
  /** Below the demo folder, '/' between parts, NFC. */
  path: string
  /** Local time, YYYY-MM-DDTHH:MM:SS. */
  takenAt: string
  hours: number
  diagnosis: Diagnosis
  /** What the table says; differs from `diagnosis` where an error was planted. */
  labelled: Diagnosis
  weightGrams: number
  spec: FilmSpec
  uid: { study: string; series: string; instance: string }
}

export interface PlannedInfant {
  index: number
  /** The site's patient number. */
  patient: string
  site: string
  course: Course
  sex: 'M' | 'F'
  gaDays: number
  bwGrams: number
  bornAt: string
  entered: EnteredContext
  contextError: ContextError | null
  weightMissing: boolean
  films: PlannedFilm[]
}

/** 2.25 and a 128-bit number (PS3.5 B.2), here from a hash, so that the same demo has the same UIDs. */
function uidOf(...parts: (string | number)[]): string {
  const bytes = createHash('sha256').update(parts.join('/')).digest().subarray(0, 16)
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`
}

/** Whole numbers in the given proportions that sum to `total` (largest remainders). */
function apportion(total: number, shares: readonly number[]): number[] {
  const whole = shares.reduce((sum, share) => sum + share, 0)
  const exact = shares.map(share => (total * share) / whole)
  const counts = exact.map(Math.floor)
  const order = exact
    .map((value, i) => ({ i, rest: value - counts[i]! }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i)
  const missing = total - counts.reduce((sum, count) => sum + count, 0)
  for (let k = 0; k < missing; k++) counts[order[k]!.i]!++
  return counts
}

function deal<T>(total: number, items: readonly T[], shares: readonly number[], random: Random): T[] {
  return random.shuffle(apportion(total, shares).flatMap((count, i) => new Array<T>(count).fill(items[i]!)))
}

function localTime(milliseconds: number): string {
  return new Date(Math.round(milliseconds / 60_000) * 60_000).toISOString().slice(0, 19)
}

const HOUR = 3_600_000
const FIRST_BIRTH = Date.UTC(2023, 0, 3)
/** Births spread over two years. */
const BIRTH_SPAN = 730 * 24 * HOUR

function planInfant(index: number, number: number, course: Course, site: Site, seed: number): PlannedInfant {
  const random = createRandom(seed, `infant/${index}`)
  const sex = random.chance(0.54) ? 'M' : 'F'
  const gaDays = drawGestation(course, random.fork('gestation'))
  const bwGrams = drawBirthWeight(gaDays, sex, random.fork('weight'))
  const anatomy = drawAnatomy(random.integer(1, 0x7fffffff), gaDays, random.fork('anatomy'))
  const patient = `${site.patientPrefix}${String(number).padStart(4, '0')}`
  const born = FIRST_BIRTH + Math.floor(random.next() * BIRTH_SPAN)
  const bornAt = localTime(born)
  const films = drawCourse(course, gaDays, random.fork('course')).map((film, k): PlannedFilm => {
    const draws = random.fork(`film/${k}`)
    const weightGrams = Math.round(weightAt(bwGrams, film.hours))
    const scale = scaleAt(weightGrams)
    const takenAt = localTime(born + film.hours * HOUR)
    const file = site.path({
      patient,
      date: takenAt.slice(0, 10).replaceAll('-', ''),
      time: takenAt.slice(11, 16).replace(':', ''),
      number: k + 1,
      serial: number * 20 + k
    })
    return {
      path: `${site.name}/${file}`.normalize('NFC'),
      takenAt,
      hours: film.hours,
      diagnosis: film.diagnosis,
      labelled: film.diagnosis,
      weightGrams,
      spec: {
        anatomy: { ...anatomy, scale },
        pose: drawPose(draws.fork('pose')),
        lungs: film.lungs,
        devices: drawDevices(film, film.lungs, gaDays, draws.fork('devices')),
        detector: drawDetector(site, scale, draws.fork('detector'))
      },
      uid: {
        study: uidOf(seed, 'study', index, k),
        series: uidOf(seed, 'series', index, k),
        instance: uidOf(seed, 'instance', index, k)
      }
    }
  })
  return {
    index,
    patient,
    site: site.name,
    course,
    sex,
    gaDays,
    bwGrams,
    bornAt,
    entered: enterContext(gaDays, bwGrams),
    contextError: null,
    weightMissing: false,
    films
  }
}

/** Mistakes that readers make: mostly TTN for RDS and back, a clearing lung called normal, a mild one ill. */
function misread(diagnosis: Diagnosis, random: Random): Diagnosis {
  const other: Partial<Record<Diagnosis, Diagnosis>> = { RDS: 'TTN', TTN: 'RDS' }
  const usual = other[diagnosis]
  if (usual) return random.chance(0.85) ? usual : 'Normal'
  return random.pick(DIAGNOSES.filter(candidate => candidate !== diagnosis))
}

function plantErrors(infants: PlannedInfant[], seed: number): void {
  const random = createRandom(seed, 'errors')
  const films = infants.flatMap(infant => infant.films)
  const wrong = Math.round(films.length * WRONG_LABEL_SHARE)
  const confusable = random.shuffle(
    films.filter(film => film.diagnosis === 'RDS' || film.diagnosis === 'TTN')
  )
  const others = random.shuffle(films.filter(film => film.diagnosis !== 'RDS' && film.diagnosis !== 'TTN'))
  const fromConfusable = Math.min(confusable.length, Math.round(wrong * 0.75))
  for (const film of [...confusable.slice(0, fromConfusable), ...others.slice(0, wrong - fromConfusable)]) {
    film.labelled = misread(film.diagnosis, random)
  }
  const shuffled = random.shuffle(infants)
  const spoiled = Math.round(infants.length * WRONG_CONTEXT_SHARE)
  const missing = Math.round(infants.length * MISSING_WEIGHT_SHARE)
  shuffled.slice(0, spoiled).forEach((infant, k) => {
    const last = infant.films[infant.films.length - 1]!.hours
    // An infant filmed late is where a post-menstrual age gets typed.
    const kind = last > 24 * 20 ? 'pma-for-ga' : CONTEXT_ERRORS[k % (CONTEXT_ERRORS.length - 1)]!
    const { kind: done, entered } = spoilContext(kind, infant.gaDays, infant.bwGrams, last, random)
    infant.contextError = done
    infant.entered = entered
  })
  for (const infant of shuffled.slice(spoiled, spoiled + missing)) {
    infant.weightMissing = true
    infant.entered = { ...infant.entered, bw: '' }
  }
}

/**
 * All infants of a demo with all their films, errors planted: the same for the same `seed` and `count`. Cheap: nothing
 * is drawn yet.
 */
export function planCohort(count: number, seed: number): PlannedInfant[] {
  const random = createRandom(seed, 'cohort')
  const courses = deal(
    count,
    COURSES,
    COURSES.map(course => COURSE_SHARES[course]),
    random
  )
  const sites = deal(
    count,
    SITES,
    SITES.map(site => site.share),
    random
  )
  const numbers = new Map<string, number>()
  const infants = courses.map((course, index) => {
    const site = sites[index]!
    const number = (numbers.get(site.name) ?? 0) + 1
    numbers.set(site.name, number)
    return planInfant(index, number, course, site, seed)
  })
  plantErrors(infants, seed)
  return infants
}

export function siteNamed(name: string): Site {
  return SITES.find(site => site.name === name)!
}
