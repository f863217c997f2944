import { describe, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { FilmQuery } from '../../../contract'
import { fromLink, linkInText, sameQuery, toLink } from './link-query'

const set = 'a'.repeat(26)
const queries: FilmQuery[] = [
  { filter: { text: '', facets: {} }, sort: { key: 'patientKey', direction: 'ascending' } },
  {
    filter: { text: '김 50% & "x"=1#', facets: { label: ['TTN', 'RDS'], gaBand: ['<28', '>=37'] } },
    sort: { key: 'confidence', direction: 'descending' }
  },
  {
    filter: { text: '', facets: { site: ['A, B', 'a+b'] }, set },
    sort: { key: 'path', direction: 'ascending' }
  }
]

/** As it stands in the address. */
async function written(query: FilmQuery): Promise<string> {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/studies', component: {} }]
  })
  await router.push({ path: '/studies', query: toLink(query) })
  return router.currentRoute.value.fullPath
}

describe('a link to Studies', () => {
  it('holds filters and order, and gives them back as they were', async () => {
    for (const query of queries) {
      const address = await written(query)
      const link = linkInText(`http://127.0.0.1:4000/#${address}`)
      expect(fromLink(link ?? {}), address).toEqual(query)
    }
  })

  it('is bare for the table as it comes', async () => {
    expect(await written(queries[0]!)).toBe('/studies')
    expect(linkInText('http://127.0.0.1:4000/#/studies')).toBeNull()
  })

  it('passes over what it cannot mean', () => {
    const odd = { sort: '-nothing', set: '../x', colour: 'red', label: ['', null], q: null }
    expect(fromLink(odd)).toEqual(queries[0])
    expect(fromLink({ q: 'x'.repeat(500) }).filter.text).toHaveLength(200)
  })

  it('is the same whatever the order of its facets', () => {
    const [, b] = queries
    const turned = {
      ...b!,
      filter: { ...b!.filter, facets: { gaBand: ['<28', '>=37'], label: ['TTN', 'RDS'] } }
    }
    expect(sameQuery(b!, turned)).toBe(true)
    expect(sameQuery(b!, queries[2]!)).toBe(false)
  })

  it('is told from a search', () => {
    expect(linkInText('studies label=TTN')).toBeNull()
    expect(linkInText(' neogate://app/#/studies?label=TTN ')).toEqual({ label: ['TTN'] })
  })
})
