import type { Random } from '../../foundation'
import type { LungAppearance, Lobe, Side } from '../film-spec'

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))

/** Clear lungs: what everything else starts from and resolves to. */
export function clearLungs(random: Random): LungAppearance {
  return {
    inflation: clamp(random.normal(8.6, 0.35), 7.8, 9.4),
    density: clamp(random.normal(0.3, 0.018), 0.26, 0.345),
    patchiness: random.between(0.05, 0.2),
    granularity: random.between(0, 0.06),
    bronchograms: 0,
    streaks: random.between(0, 0.16),
    fissure: random.chance(0.1) ? random.between(0.1, 0.35) : 0,
    pleuralFluid: 0,
    cardiomegaly: random.normal(1, 0.03),
    pneumothorax: null,
    pneumomediastinum: 0,
    interstitialAir: null,
    atelectasis: null,
    chronic: null
  }
}

/** Surfactant lack of `severity` 0..1 (0.2 grade I, 0.45 II, 0.7 III, 0.95 IV). */
export function surfactantLack(severity: number, random: Random): LungAppearance {
  const s = severity
  return {
    ...clearLungs(random),
    inflation: clamp(random.normal(8.5 - 1.7 * s, 0.25), 6.4, 9),
    density: clamp(random.normal(0.33 + 0.46 * s ** 1.25, 0.025), 0.3, 0.88),
    patchiness: random.between(0.15, 0.35),
    granularity: clamp(0.22 + 0.8 * s + random.normal(0, 0.06), 0, 1),
    bronchograms: clamp(1.25 * s - 0.12, 0, 1),
    streaks: random.between(0, 0.3),
    fissure: random.chance(0.15) ? random.between(0.1, 0.4) : 0
  }
}

/** Retained lung fluid of `severity` 0..1. */
export function retainedFluid(severity: number, random: Random): LungAppearance {
  const t = severity
  return {
    ...clearLungs(random),
    inflation: clamp(random.normal(8.6 + 0.7 * t, 0.3), 7.9, 9.9),
    density: clamp(random.normal(0.305 + 0.12 * t, 0.025), 0.28, 0.5),
    patchiness: random.between(0.15, 0.35),
    granularity: random.between(0, 0.4) * t,
    bronchograms: random.between(0, 0.25) * t,
    streaks: clamp(0.25 + 0.75 * t + random.normal(0, 0.1), 0.1, 1),
    fissure: random.chance(0.35 + 0.5 * t) ? random.between(0.3, 0.95) * t : 0,
    pleuralFluid: random.chance(0.55 * t) ? random.between(0.5, 1.7) * t : 0,
    cardiomegaly: random.normal(1 + 0.08 * t, 0.03)
  }
}

/**
 * Early films that look alike whether the surfactant is short or the fluid slow to leave: hazy, a little granular, a
 * little streaky, volume about normal. Gestation and weight tell them apart, not the film.
 */
export function uncertainHaze(random: Random): LungAppearance {
  return {
    ...clearLungs(random),
    inflation: clamp(random.normal(8.3, 0.35), 7.5, 9.2),
    density: clamp(random.normal(0.42, 0.045), 0.34, 0.54),
    patchiness: random.between(0.2, 0.4),
    granularity: random.between(0.2, 0.5),
    bronchograms: random.between(0, 0.35),
    streaks: random.between(0.2, 0.6),
    fissure: random.chance(0.35) ? random.between(0.15, 0.55) : 0,
    pleuralFluid: random.chance(0.15) ? random.between(0.3, 0.8) : 0,
    cardiomegaly: random.normal(1.03, 0.03)
  }
}

export type AirLeak = 'pneumothorax' | 'pneumomediastinum' | 'interstitial'

/** Escaped air, in lungs that are otherwise `lungs`. */
export function airLeak(kind: AirLeak, size: number, lungs: LungAppearance, random: Random): LungAppearance {
  const side: Side = random.chance(0.55) ? 'right' : 'left'
  switch (kind) {
    case 'pneumothorax':
      return {
        ...lungs,
        fissure: 0,
        pneumothorax: { side, size, kind: random.chance(0.62) ? 'lateral' : 'anterior' },
        interstitialAir: null
      }
    case 'pneumomediastinum':
      return { ...lungs, pneumomediastinum: clamp(0.45 + 0.55 * size, 0, 1) }
    case 'interstitial':
      return {
        ...lungs,
        inflation: Math.min(9.6, lungs.inflation + 0.8),
        interstitialAir: {
          sides: random.chance(0.55) ? ['right', 'left'] : [side],
          amount: clamp(0.55 + 0.45 * size, 0, 1)
        }
      }
  }
}

/** Collapse of one lobe, in lungs that are otherwise `lungs`. */
export function collapse(lobe: Lobe, degree: number, lungs: LungAppearance): LungAppearance {
  return { ...lungs, fissure: lobe === 'RUL' ? 0.25 : 0, pleuralFluid: 0, atelectasis: { lobe, degree } }
}

/** Chronic lung disease of `severity` 0..1: coarse, bubbly, overinflated. */
export function chronicChange(severity: number, random: Random): LungAppearance {
  return {
    ...clearLungs(random),
    inflation: clamp(random.normal(8.8 + 0.9 * severity, 0.3), 8, 10.2),
    density: clamp(random.normal(0.36 + 0.06 * severity, 0.03), 0.3, 0.48),
    patchiness: random.between(0.4, 0.75),
    granularity: random.between(0.05, 0.15),
    bronchograms: random.between(0, 0.2),
    streaks: random.between(0.1, 0.4),
    cardiomegaly: random.normal(1.02, 0.04),
    chronic: { cysts: clamp(0.25 + 0.75 * severity, 0, 1), strands: random.between(0.5, 1) }
  }
}
