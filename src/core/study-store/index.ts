export * from './types'
export { createStudyStore } from './study-store'
export { patientIdOf } from './registration'
