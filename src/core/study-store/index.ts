export * from './types'
export { createStudyStore } from './study-store'
export { createStudyViews, type StudyViews } from './study-views'
export { patientIdOf } from './registration'
