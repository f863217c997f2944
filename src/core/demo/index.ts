/**
 * Synthetic newborn chest films and the cohort they belong to: what the demo project, tests and benches are made from.
 * Plans are plain data; drawing one film needs nothing but its specification.
 */
export { drawFilm, lungField, type LungField } from './drawing'
export type * from './film-spec'
export { planCohort, siteNamed, type PlannedFilm, type PlannedInfant } from './cohort/plan-cohort'
export { coarserFilm } from './cohort/exposure'
export { SITES, type Site } from './cohort/sites'
export { demoTable } from './cohort/table'
export { countTruth, demoTruth } from './cohort/truth'
