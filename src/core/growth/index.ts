export * from './types'
export { assessContext } from './assess-context'
export { birthWeightZScore } from './birth-weight-standard'
