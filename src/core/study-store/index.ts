export * from './types'
export { createStudyStore } from './study-store'
