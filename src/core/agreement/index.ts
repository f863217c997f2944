/**
 * How far readers agree: pure statistics with intervals that respect that films of one infant are not independent. Chance
 * corrected figures never go without the raw agreement; see docs/decisions/0017-agreement-of-readers.md.
 */
export * from './additive'
export * from './many-readers'
export * from './ratings'
export * from './two-readers'
export * from './compare'
