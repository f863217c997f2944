/** Pure numeric functions. "F1" alone is never a name here: say macro, weighted or of which class. */
export * from './bootstrap'
export * from './confusion'
export * from './ranking'
