export * from './types'
export { assessContext, Z_LIMITS } from './assess-context'
export { growthCurves } from './growth-curves'
export { birthWeightZScore, plausibilityZScore } from './birth-weight-standard'
