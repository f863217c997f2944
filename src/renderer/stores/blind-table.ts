import { COLUMN_TELLS, FACET_TELLS, TELLS_ANY as ANY, TELLS_LABELS as LABELS } from '../../contract'
import type { FacetKey, FilmQuery, StudyColumnKey, Telling } from '../../contract'
import type { Hides } from './hides'

/** Screens made of figures over all films, which the core refuses while a protocol hides what they are made from. */
const FIGURES: Record<string, Telling> = {
  agreement: LABELS,
  evaluation: ['model', ...LABELS],
  experiments: ['model', ...LABELS]
}

/** What a screen tells of films one by one; a screen that is not named here sees to it itself, or tells nothing. */
const SCREEN_TELLS: Record<string, Telling> = {
  ...FIGURES,
  queues: ANY,
  history: ['others', 'own', 'context']
}

const tells = (what: Telling | undefined, hides: Hides) => what?.some(each => hides[each]) ?? false

export const hidesColumn = (key: StudyColumnKey, hides: Hides) => tells(COLUMN_TELLS[key], hides)
export const hidesFacet = (key: FacetKey, hides: Hides) => tells(FACET_TELLS[key], hides)
export const hidesScreen = (name: string, hides: Hides) => tells(SCREEN_TELLS[name], hides)
export const withholdsScreen = (name: string, hides: Hides) => tells(FIGURES[name], hides)
export const hidesLabels = (hides: Hides) => tells(LABELS, hides)
export const hidesAny = (hides: Hides) => tells(ANY, hides)

/** What of a query is passed over while it would tell something. */
export interface Ignored {
  facets: FacetKey[]
  sort: boolean
  /** Sets are handed over by screens that are hidden, for reasons that are. */
  set: boolean
}

/** A query without what would tell a blinded reader something; of what it asks otherwise nothing is changed. */
export function blindTable(query: FilmQuery, hides: Hides): { query: FilmQuery; ignored: Ignored } {
  const ignored: Ignored = { facets: [], sort: hidesColumn(query.sort.key, hides), set: false }
  if (!hidesAny(hides)) return { query, ignored }
  const { text, facets, set } = query.filter
  ignored.set = set !== undefined
  ignored.facets = (Object.keys(facets) as FacetKey[]).filter(key => hidesFacet(key, hides))
  const kept = Object.entries(facets).filter(([key]) => !ignored.facets.includes(key as FacetKey))
  return {
    query: {
      filter: { text, facets: Object.fromEntries(kept), ...(text === '' ? {} : { textIn: 'names' }) },
      sort: ignored.sort ? { key: 'patientKey', direction: 'ascending' } : query.sort
    },
    ignored
  }
}
