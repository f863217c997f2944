import type { Random } from '../../foundation'
import { vertebraLevel } from '../drawing'
import type { Anatomy, DetectorSettings, Devices, FilmSpec, LungAppearance, Pose } from '../film-spec'
import type { CourseFilm } from './course'
import type { Site } from './sites'

/** Weight in grams whose infant is the template. */
const TEMPLATE_GRAMS = 3300
/** Detector spacing for small fields, millimetres. */
const FINE_PITCH = 0.1
/** Width of the template's body with its chest wall, template millimetres. */
const BODY_WIDTH = 118

/** Weight at `hours` of life: a loss of up to a tenth in the first days, then growth of about 13 g/kg a day. */
export function weightAt(bwGrams: number, hours: number): number {
  const days = hours / 24
  return bwGrams * (days < 10 ? 1 - 0.06 * Math.sin((Math.PI * days) / 10) : Math.exp(0.0115 * (days - 10)))
}

export function drawAnatomy(seed: number, gaDays: number, random: Random): Omit<Anatomy, 'scale'> {
  const maturity = Math.min(1, Math.max(0, (gaDays - 161) / 119))
  // The thymus shrinks in illness and is small in the very preterm.
  const thymus = () => Math.max(0, random.normal(0.25 + 0.3 * maturity, 0.22))
  return {
    seed,
    thoraxWidth: random.normal(1, 0.03),
    ribSlope: random.normal(0.23, 0.04),
    boneDensity: (0.72 + 0.28 * maturity) * random.normal(1, 0.06),
    chestWall: 3.4 + 2.8 * maturity + random.between(0, 1.2),
    heartSize: random.normal(1, 0.05),
    thymusRight: thymus(),
    thymusLeft: thymus(),
    thymusSail: random.chance(0.14 * maturity) ? random.between(0.7, 1) : 0
  }
}

export function scaleAt(grams: number): number {
  return Math.cbrt(grams / TEMPLATE_GRAMS)
}

export function drawPose(random: Random): Pose {
  const raised = random.chance(0.45)
  const arm = () => (raised ? random.between(1.7, 2.7) : random.between(0.75, 1.55))
  return {
    tilt: random.normal(0, 0.035),
    rotation: random.normal(0, 0.07),
    centreX: random.normal(0, 2.2),
    centreY: random.between(-3, 7),
    armRight: arm(),
    armLeft: arm(),
    chin: random.between(-82, -64)
  }
}

export function drawDevices(
  film: CourseFilm,
  lungs: LungAppearance,
  gaDays: number,
  random: Random
): Devices {
  const preterm = gaDays < 238
  const newborn = film.hours < 24 * 7
  const { severity } = film
  const collapsedLeft = lungs.atelectasis?.lobe === 'left-lung'
  const ventilated = collapsedLeft || random.chance(severity > 0.5 ? 0.85 : severity > 0.3 ? 0.35 : 0.03)
  // A tube too far down the right main bronchus is what collapses the left lung.
  const tip = collapsedLeft
    ? vertebraLevel(random.between(4.9, 5.4))
    : vertebraLevel(random.between(1.6, 3.3))
  return {
    trachealTube: ventilated ? tip : null,
    gastricTube: random.chance(ventilated ? 0.95 : preterm ? 0.75 : 0.3),
    umbilicalVein: newborn && random.chance(preterm ? 0.65 : severity > 0.3 ? 0.3 : 0.05),
    umbilicalArtery: newborn && random.chance(preterm && severity > 0.4 ? 0.55 : 0.06),
    longLine:
      film.hours > 60 && preterm && random.chance(0.6) ? (random.chance(0.6) ? 'right' : 'left') : null,
    electrodes: random.chance(0.85) ? random.integer(2, 4) : 0,
    temperatureProbe: random.chance(preterm ? 0.5 : 0.25),
    seed: random.integer(1, 0x7fffffff)
  }
}

/** The plate and its collimation: about the body's width, within what the site's matrix allows. */
export function drawDetector(site: Site, scale: number, random: Random): DetectorSettings {
  const width = BODY_WIDTH * scale * random.between(1.1, 1.28)
  // Small infants are read out at the finer of the plate's two pitches.
  const mmPerPixel = width < site.columns[0] * site.mmPerPixel ? FINE_PITCH : site.mmPerPixel
  const wanted = width / mmPerPixel
  const columns = Math.round(Math.min(site.columns[1], Math.max(site.columns[0], wanted)) / 2) * 2
  const rows = Math.round((columns * random.between(site.tallness[0], site.tallness[1])) / 2) * 2
  const margin = () => random.integer(6, 30)
  return {
    columns,
    rows,
    mmPerPixel,
    quanta: site.quanta * random.between(0.75, 1.3),
    scatter: site.scatter * random.between(0.9, 1.1),
    equalisation: site.equalisation,
    lowValue: site.values[0] + random.between(-90, 90),
    highValue: site.values[1] + random.between(-120, 120),
    inverted: site.inverted,
    border: [margin(), margin(), margin(), random.integer(34, 46)],
    shutter: site.shutter,
    marker: random.chance(0.85) ? (random.chance(0.6) ? 'R' : 'L') : null,
    seed: random.integer(1, 0x7fffffff)
  }
}

/** The same film on a detector `factor` times coarser, for tests and benches that need many files rather than fine ones. */
export function coarserFilm(spec: FilmSpec, factor: number): FilmSpec {
  const { detector } = spec
  const [left, top, right, bottom] = detector.border
  return {
    ...spec,
    detector: {
      ...detector,
      columns: Math.max(16, Math.round(detector.columns / factor)),
      rows: Math.max(16, Math.round(detector.rows / factor)),
      mmPerPixel: detector.mmPerPixel * factor,
      border: [
        Math.round(left / factor),
        Math.round(top / factor),
        Math.round(right / factor),
        Math.round(bottom / factor)
      ]
    }
  }
}
