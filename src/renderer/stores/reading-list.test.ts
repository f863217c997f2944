import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useReadingList } from './reading-list'

const ids = vi.hoisted(() => vi.fn())
vi.mock('../api-client', () => ({ api: { films: { ids } } }))

const query = {
  filter: { text: 'RDS', facets: {} },
  sort: { key: 'patientKey', direction: 'ascending' }
} as const

describe('reading list', () => {
  beforeEach(() => setActivePinia(createPinia()))

  it('freezes what the query matches and begins at the chosen film', async () => {
    ids.mockResolvedValue(['a', 'b', 'c'])
    const list = useReadingList()
    await list.takeFrom(query, 'b')
    expect(ids).toHaveBeenCalledWith({ query })
    expect([list.currentId, list.position, list.hasPrevious, list.hasNext]).toEqual(['b', 1, true, true])
  })

  it('begins at the first film where the chosen one is not in it', () => {
    const list = useReadingList()
    list.take(['a', 'b'], 'z')
    expect(list.currentId).toBe('a')
  })

  it('stops at both ends', () => {
    const list = useReadingList()
    list.take(['a', 'b'])
    expect(list.previous()).toBeNull()
    expect(list.next()).toBe('b')
    expect(list.next()).toBeNull()
    expect(list.currentId).toBe('b')
    expect(list.previous()).toBe('a')
  })

  it('looks ahead and back, nearest first, within the list', () => {
    const list = useReadingList()
    list.take(['a', 'b', 'c', 'd', 'e'], 'c')
    expect(list.peekAhead(5)).toEqual(['d', 'e'])
    expect(list.peekBack(1)).toEqual(['b'])
    expect(list.peekBack(9)).toEqual(['b', 'a'])
  })

  it('goes to a film of the list and makes a foreign one a list of its own', () => {
    const list = useReadingList()
    list.take(['a', 'b', 'c'])
    list.goTo('c')
    expect([list.position, list.ids.length]).toEqual([2, 3])
    list.goTo('x')
    expect([list.currentId, list.ids.length]).toEqual(['x', 1])
  })

  it('is empty before anything is taken', () => {
    const list = useReadingList()
    expect([list.currentId, list.next(), list.peekAhead(3)]).toEqual([null, null, []])
  })
})
