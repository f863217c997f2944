/**
 * What the screens need of the contract when they run: plain values, with no schema behind them, so that a page can be shown without
 * the library that checks schemas (electron.vite.config.ts leaves schemas out that nothing uses).
 */

/** The six classes in the order of every model's outputs. */
export const DIAGNOSES = ['BPD', 'ALS', 'Atelectasis', 'Normal', 'RDS', 'TTN'] as const
export type Diagnosis = (typeof DIAGNOSES)[number]

/** Gestational age in days that a newborn can have: 22+0 to 44+6 weeks. */
export const GA_DAYS = { min: 154, max: 314 } as const
/** Birth weight in grams that a newborn can have. */
export const BW_GRAMS = { min: 200, max: 6500 } as const

/** Site of films for which neither table, file nor mapping names one. */
export const UNKNOWN_SITE = 'unknown'

export const PROVIDERS = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const

/** Points of each kind of annotation: both ends; first arm, vertex, second arm; two opposite corners. */
export const ANNOTATION_POINTS = { length: 2, angle: 3, rectangle: 2, ellipse: 2 } as const
