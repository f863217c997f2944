/**
 * Everything a film is drawn from, as numbers: what the cohort draws by lot, what the truth file records, and what the
 * drawing code reads. Lengths are template millimetres (see drawing/frame.ts) unless named otherwise.
 */
export type Side = 'right' | 'left'

/** What stays the same on all films of one infant, but for growth. */
export interface Anatomy {
  /** Names the infant's own random draws (branching of vessels, bowel). */
  seed: number
  /** Real per template millimetre. */
  scale: number
  /** Width of the thorax against the template's. */
  thoraxWidth: number
  /** Downward slope of the ribs towards the front, radians. */
  ribSlope: number
  /** Thickness and mineral of bone against a term infant's. */
  boneDensity: number
  /** Thickness of skin, fat and muscle over the ribs. */
  chestWall: number
  heartSize: number
  /** Reach of the two thymic lobes into the lung fields, 0 (not seen) to 1 (large). */
  thymusRight: number
  thymusLeft: number
  /** 0 rounded lobe, 1 sail with a sharp lower corner (right). */
  thymusSail: number
}

/** How the infant lay at this exposure. */
export interface Pose {
  /** In-plane, radians. */
  tilt: number
  /** About the body's long axis, radians; positive turns the front to the image's right. */
  rotation: number
  centreX: number
  centreY: number
  /** Direction of each upper arm: 0 hangs down, pi/2 points sideways, pi up; radians. */
  armRight: number
  armLeft: number
  /** How far the chin comes down into the film. */
  chin: number
}

export const LOBES = ['RUL', 'RLL', 'LUL', 'LLL', 'left-lung'] as const
export type Lobe = (typeof LOBES)[number]

/** The lungs as they look on this film; each diagnosis draws its own values, and their ranges overlap. */
export interface LungAppearance {
  /** Posterior rib that the right dome of the diaphragm reaches: 8 to 9 at rest, fewer in low volume. */
  inflation: number
  /** Density of aerated lung against soft tissue (normal about 0.3; 1 is airless). */
  density: number
  /** Unevenness of the density, 0..1. */
  patchiness: number
  /** Reticulogranular pattern, 0..1. */
  granularity: number
  /** Filling of the air spaces round the bronchi, 0..1: how far bronchi stand out as air. */
  bronchograms: number
  /** Perihilar streaks: prominent vessels and lymphatics, 0..1. */
  streaks: number
  /** Thickness of fluid in the horizontal fissure and along the lateral pleura. */
  fissure: number
  pleuralFluid: number
  /** Size of the heart against the infant's own. */
  cardiomegaly: number
  /** Free air: `size` 0..1 of the hemithorax; `lateral` shows the lung's edge, `anterior` lies in front of it. */
  pneumothorax: { side: Side; size: number; kind: 'lateral' | 'anterior' } | null
  /** Air around heart and thymus, 0..1. */
  pneumomediastinum: number
  /** Interstitial emphysema: fine cystic and linear lucencies, 0..1, in one or both lungs. */
  interstitialAir: { sides: Side[]; amount: number } | null
  atelectasis: { lobe: Lobe; degree: number } | null
  /** Chronic change: coarse cysts and strands, 0..1. */
  chronic: { cysts: number; strands: number } | null
}

export interface Devices {
  /** Level of the tube's tip, or null. */
  trachealTube: number | null
  gastricTube: boolean
  umbilicalVein: boolean
  umbilicalArtery: boolean
  /** Long line from an arm. */
  longLine: Side | null
  electrodes: number
  temperatureProbe: boolean
  /** Names the random course of wires. */
  seed: number
}

/** How a site's detector and processing turn exposure into stored values. */
export interface DetectorSettings {
  columns: number
  rows: number
  mmPerPixel: number
  /** Quanta per pixel behind nothing; fewer is noisier. */
  quanta: number
  /** Scattered against primary radiation. */
  scatter: number
  /** Dynamic range compression, 0..1. */
  equalisation: number
  /** Stored value of the body's thinnest and thickest parts, of 0..4095. */
  lowValue: number
  highValue: number
  /** Bright bone and dark air (MONOCHROME2) or the reverse (MONOCHROME1). */
  inverted: boolean
  /** Collimation: pixels without exposure at left, top, right, bottom. */
  border: readonly [number, number, number, number]
  /** Border shown black (shutter) or as unexposed plate (as bright as metal). */
  shutter: boolean
  marker: 'R' | 'L' | null
  /** Names the noise of this exposure. */
  seed: number
}

export interface FilmSpec {
  anatomy: Anatomy
  pose: Pose
  lungs: LungAppearance
  devices: Devices
  detector: DetectorSettings
}

/** A drawn film: 12-bit values, row-major. */
export interface DrawnFilm {
  columns: number
  rows: number
  values: Uint16Array
  /** Stored values between which the body lies (1st and 99th percentile), for the window. */
  bodyLow: number
  bodyHigh: number
}
