export * from './types'
export { assessContext, Z_LIMITS } from './assess-context'
export { growthCurves } from './growth-curves'
export { plausibilityZScore } from './birth-weight-standard'
