/**
 * Synthetic newborn chest films and the cohort they belong to: what the demo project, tests and benches are made from.
 * Plans are plain data; drawing one film needs nothing but its specification.
 */
export { drawFilm, lungField, BORDER_TEXT, type LungField } from './drawing'
export type * from './film-spec'
export {
  planCohort,
  siteNamed,
  WRONG_CONTEXT_SHARE,
  WRONG_LABEL_SHARE,
  type PlannedFilm,
  type PlannedInfant
} from './cohort/plan-cohort'
export { coarserFilm } from './cohort/exposure'
export { SITES, type Site } from './cohort/sites'
export { demoTable, TABLE_COLUMNS } from './cohort/table'
export { countTruth, demoTruth } from './cohort/truth'
