export * from './types'
export { createLabelStore } from './label-store'
