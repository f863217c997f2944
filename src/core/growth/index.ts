export * from './types'
export { assessContext } from './assess-context'
export { growthCurves } from './growth-curves'
export { birthWeightZScore } from './birth-weight-standard'
