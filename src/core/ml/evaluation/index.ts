/** A model's answers on a frozen set of films -> figures, each with an interval over infants. Pure numeric functions. */
export * from './bootstrap-figures'
export * from './calibrate'
export * from './cases'
export * from './curve-points'
export * from './figures'
export * from './mean-statistics'
export * from './statistics'
export * from './feature-classifier'
