import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { FacetKey, FilmQuery, FilmSort } from '../../../contract'
import { COLUMN_FACTS } from './columns'
import { FACET_ORDER } from './facet-values'

const SORT_KEYS = Object.values(COLUMN_FACTS).flatMap(({ sort }) => sort ?? [])
const AS_IT_COMES: FilmSort = { key: 'patientKey', direction: 'ascending' }
const SET_ID = /^[a-z2-7]{26}$/
const LONGEST_TEXT = 200

/**
 * A query as the query part of a link: `q` the text, `set` the set of films, one parameter a facet and value, `sort` the column with a
 * minus before it for descending. What is as it comes is left out.
 */
export function toLink({ filter, sort }: FilmQuery): LocationQueryRaw {
  const link: LocationQueryRaw = {}
  if (filter.text) link.q = filter.text
  if (filter.set) link.set = filter.set
  for (const facet of FACET_ORDER) {
    const values = filter.facets[facet]
    if (values && values.length > 0) link[facet] = values
  }
  if (sort.key !== AS_IT_COMES.key || sort.direction !== AS_IT_COMES.direction)
    link.sort = `${sort.direction === 'descending' ? '-' : ''}${sort.key}`
  return link
}

/** What a link asks for; what it cannot mean is passed over. */
export function fromLink(link: LocationQuery): FilmQuery {
  const facets: Partial<Record<FacetKey, string[]>> = {}
  for (const facet of FACET_ORDER) {
    const values = all(link[facet])
    if (values.length > 0) facets[facet] = values
  }
  const [written = ''] = all(link.sort)
  const key = SORT_KEYS.find(each => each === written.replace(/^-/, ''))
  const [set] = all(link.set)
  return {
    filter: {
      text: (all(link.q)[0] ?? '').slice(0, LONGEST_TEXT).trim(),
      facets,
      ...(set && SET_ID.test(set) ? { set } : {})
    },
    sort: key ? { key, direction: written.startsWith('-') ? 'descending' : 'ascending' } : { ...AS_IT_COMES }
  }
}

/** The same in whatever order a link or the table names it. */
export function sameQuery(a: FilmQuery, b: FilmQuery): boolean {
  return JSON.stringify(toLink(a)) === JSON.stringify(toLink(b))
}

function all(values: LocationQuery[string] | undefined): string[] {
  return [values ?? []].flat().filter((value): value is string => !!value)
}

/** The query part of a link that somebody pasted; null for any other text. */
export function linkInText(text: string): LocationQuery | null {
  const found = /#\/studies\?(\S+)$/.exec(text.trim())
  if (!found) return null
  const link: Record<string, string[]> = {}
  for (const [name, value] of new URLSearchParams(found[1])) (link[name] ??= []).push(value)
  return link
}
