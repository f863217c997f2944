import type { Diagnosis } from '../../domain'
import type { Random } from '../../foundation'
import { LOBES, type LungAppearance } from '../film-spec'
import {
  airLeak,
  chronicChange,
  clearLungs,
  collapse,
  retainedFluid,
  surfactantLack,
  uncertainHaze,
  type AirLeak
} from './appearance'

/** One film in the course of an infant's illness. */
export interface CourseFilm {
  /** Hours of life. */
  hours: number
  diagnosis: Diagnosis
  lungs: LungAppearance
  /** How ill, 0..1: decides on tubes and lines. */
  severity: number
}

/** Main illness of the stay. */
export const COURSES = ['RDS', 'TTN', 'ALS', 'Atelectasis', 'BPD', 'Normal'] as const
export type Course = (typeof COURSES)[number]

/** Shares of infants that give about RDS 36 %, TTN 14 % of films, and some hundred others of each class in a thousand. */
export const COURSE_SHARES: Readonly<Record<Course, number>> = {
  RDS: 0.34,
  TTN: 0.2,
  ALS: 0.12,
  Atelectasis: 0.1,
  BPD: 0.11,
  Normal: 0.13
}

/** Shares of infants with mild RDS, and with TTN, whose films of the first day no reader could tell apart. */
const UNCERTAIN_RDS = 0.6
const UNCERTAIN_TTN = 0.4

/** Gestational age in days: RDS is a disease of the preterm, TTN of the late preterm and term; they meet at 33 to 37 weeks. */
export function drawGestation(course: Course, random: Random): number {
  const weeks = (mean: number, sd: number, low: number, high: number): number => {
    for (;;) {
      const draw = random.normal(mean, sd)
      if (draw >= low && draw < high) return Math.floor(draw * 7)
    }
  }
  switch (course) {
    case 'RDS':
      return weeks(30.8, 3, 23.5, 38)
    case 'TTN':
      return weeks(36.9, 1.7, 32.5, 41.5)
    case 'ALS':
      return random.chance(0.5) ? weeks(28.8, 2.5, 23.5, 34) : weeks(38.6, 1.4, 35, 42)
    case 'Atelectasis':
      return weeks(31.5, 4, 24, 41)
    case 'BPD':
      return weeks(26.6, 1.7, 23, 31.5)
    case 'Normal':
      return weeks(36.8, 2.9, 28, 41.9)
  }
}

/** Severity of surfactant lack against its peak: rises to 48 h, gone after about a week. */
function surfactantCourse(hours: number): number {
  if (hours <= 48) return 0.62 + 0.38 * (hours / 48)
  return Math.exp(-((hours - 48) / 42))
}

/** Fluid against that at birth: clears by 48 to 72 h. */
function fluidCourse(hours: number): number {
  return Math.exp(-((hours / 30) ** 1.6))
}

function surfactantFilm(hours: number, severity: number, isUncertain: boolean, random: Random): CourseFilm {
  if (severity < 0.14) return { hours, diagnosis: 'Normal', lungs: clearLungs(random), severity: 0.1 }
  const uncertain = isUncertain && hours < 24
  return {
    hours,
    diagnosis: 'RDS',
    lungs: uncertain ? uncertainHaze(random) : surfactantLack(severity, random),
    severity
  }
}

function rdsCourse(gaDays: number, random: Random): CourseFilm[] {
  const immature = Math.min(1, Math.max(0, (266 - gaDays) / 84))
  const peak = Math.min(1, Math.max(0.3, 0.36 + 0.62 * immature + random.normal(0, 0.13)))
  // Mild disease of the nearly mature is what fluid gets taken for.
  const isUncertain = gaDays >= 224 && peak < 0.72 && random.chance(UNCERTAIN_RDS)
  const surfactant = peak > 0.45 && random.chance(0.6) ? random.between(3, 9) : Infinity
  const hours = [random.between(0.8, 3.5), random.between(7, 20), random.between(26, 56)]
  if (random.chance(0.65)) hours.push(random.between(66, 110))
  if (random.chance(0.3)) hours.push(random.between(130, 190))
  const films = hours.map(age => {
    const treated = age > surfactant ? 0.65 : 1
    return surfactantFilm(age, peak * treated * surfactantCourse(age), isUncertain, random)
  })
  // What ventilation brings.
  if (peak > 0.55 && random.chance(0.14)) {
    const k = random.integer(1, films.length - 1)
    const film = films[k]!
    const kind: AirLeak = random.chance(0.5) ? 'pneumothorax' : 'interstitial'
    films[k] = {
      ...film,
      diagnosis: 'ALS',
      lungs: airLeak(kind, random.between(0.3, 0.8), film.lungs, random),
      severity: Math.max(0.7, film.severity)
    }
  } else if (random.chance(0.07)) {
    const k = films.length - 1
    const film = films[k]!
    films[k] = {
      ...film,
      diagnosis: 'Atelectasis',
      lungs: collapse('RUL', random.between(0.5, 1), film.lungs),
      severity: 0.5
    }
  }
  return films
}

function ttnCourse(random: Random): CourseFilm[] {
  const start = random.between(0.5, 1)
  const isUncertain = random.chance(UNCERTAIN_TTN)
  const hours = [random.between(0.7, 3), random.between(6, 18)]
  if (random.chance(0.35)) hours.push(random.between(22, 32))
  if (random.chance(0.5)) hours.push(random.between(48, 80))
  return hours.map(age => {
    const severity = start * fluidCourse(age)
    if (severity < 0.16) return { hours: age, diagnosis: 'Normal', lungs: clearLungs(random), severity: 0 }
    const uncertain = isUncertain && age < 24
    return {
      hours: age,
      diagnosis: 'TTN',
      lungs: uncertain ? uncertainHaze(random) : retainedFluid(severity, random),
      severity: 0.3 * severity
    }
  })
}

function airLeakCourse(gaDays: number, random: Random): CourseFilm[] {
  const preterm = gaDays < 238
  const draw = random.next()
  const kind: AirLeak = preterm
    ? draw < 0.5
      ? 'pneumothorax'
      : draw < 0.9
        ? 'interstitial'
        : 'pneumomediastinum'
    : draw < 0.72
      ? 'pneumothorax'
      : 'pneumomediastinum'
  const start = preterm ? random.between(14, 40) : random.between(1, 8)
  const size = random.between(0.3, 0.85)
  const under = (hours: number) =>
    preterm
      ? surfactantLack(random.between(0.25, 0.55) * surfactantCourse(hours), random)
      : clearLungs(random)
  const side = random.fork('side')
  const leak = (hours: number, share: number): CourseFilm => ({
    hours,
    diagnosis: 'ALS',
    lungs: airLeak(kind, size * share, under(hours), side.fork('same')),
    severity: preterm ? 0.8 : 0.35
  })
  const films = [leak(start, 1), leak(start + random.between(5, 14), random.between(0.6, 1))]
  if (random.chance(0.5)) films.push(leak(start + random.between(16, 30), random.between(0.4, 0.6)))
  const healed = start + random.between(50, 90)
  if (random.chance(0.45))
    films.push({ hours: healed, diagnosis: 'Normal', lungs: clearLungs(random), severity: 0.2 })
  return films
}

function atelectasisCourse(random: Random): CourseFilm[] {
  const draw = random.next()
  const lobe = draw < 0.46 ? 'RUL' : LOBES[1 + Math.floor((draw - 0.46) / 0.135)]!
  const start = random.between(30, 200)
  const base = () =>
    random.chance(0.5) ? surfactantLack(random.between(0.15, 0.3), random) : clearLungs(random)
  const film = (hours: number, degree: number): CourseFilm => ({
    hours,
    diagnosis: 'Atelectasis',
    lungs: collapse(lobe, degree, base()),
    severity: 0.6
  })
  const degree = random.between(0.55, 1)
  const films = [film(start, degree), film(start + random.between(8, 26), degree * random.between(0.65, 1))]
  if (random.chance(0.4)) films.push(film(start + random.between(28, 50), degree * random.between(0.5, 0.8)))
  if (random.chance(0.4)) {
    films.push({
      hours: start + random.between(55, 90),
      diagnosis: 'Normal',
      lungs: clearLungs(random),
      severity: 0.25
    })
  }
  return films
}

function chronicCourse(random: Random): CourseFilm[] {
  const severity = random.between(0.3, 1)
  const films: CourseFilm[] = []
  if (random.chance(0.5))
    films.push(surfactantFilm(random.between(1, 5), random.between(0.6, 0.95), false, random))
  let hours = 24 * random.between(28.2, 36)
  for (let k = 0, count = random.integer(2, 4); k < count; k++) {
    films.push({
      hours,
      diagnosis: 'BPD',
      lungs: chronicChange(severity * random.between(0.8, 1), random),
      severity: 0.4 + 0.3 * severity
    })
    hours += 24 * random.between(6, 12)
  }
  return films
}

function normalCourse(random: Random): CourseFilm[] {
  const films: CourseFilm[] = []
  let hours = random.between(1, 12)
  for (let k = 0, count = random.integer(1, 3); k < count; k++) {
    films.push({ hours, diagnosis: 'Normal', lungs: clearLungs(random), severity: 0 })
    hours += random.between(12, 40)
  }
  return films
}

/** Films of one infant in order of time. */
export function drawCourse(course: Course, gaDays: number, random: Random): CourseFilm[] {
  switch (course) {
    case 'RDS':
      return rdsCourse(gaDays, random)
    case 'TTN':
      return ttnCourse(random)
    case 'ALS':
      return airLeakCourse(gaDays, random)
    case 'Atelectasis':
      return atelectasisCourse(random)
    case 'BPD':
      return chronicCourse(random)
    case 'Normal':
      return normalCourse(random)
  }
}
