export * from './training-step'
export type { RandomBranch } from './random-branches'
