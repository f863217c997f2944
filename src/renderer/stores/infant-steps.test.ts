import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useInfantSteps } from './infant-steps'
import { useReadingList } from './reading-list'

const core = vi.hoisted(() => ({ asked: [] as string[][], opened: [] as string[], film: 'a1' }))

vi.mock('../api-client', () => ({
  toProblem: (error: unknown) => error,
  api: {
    films: {
      infants: async ({ ids }: { ids: string[] }) => {
        core.asked.push(ids)
        return ids.map(id => id[0])
      }
    }
  }
}))
vi.mock('./project', () => ({ useProject: () => ({ current: null }) }))
vi.mock('./blinding', () => ({ useBlinding: () => ({ active: false, hides: {} }) }))
vi.mock('./reading', async () => {
  const { useReadingList: list } = await import('./reading-list')
  return {
    useReading: () => ({
      get filmId() {
        return core.film
      },
      open: async (id: string) => {
        core.opened.push(id)
        core.film = id
        list().goTo(id)
      }
    })
  }
})

beforeEach(() => {
  setActivePinia(createPinia())
  Object.assign(core, { asked: [], opened: [], film: 'a1' })
})

describe('steps from infant to infant', () => {
  it('go to the first film of the next one and of the one before', async () => {
    const list = useReadingList()
    list.take(['a1', 'a2', 'a3', 'b1', 'b2', 'c1'], 'a2')
    core.film = 'a2'
    const steps = useInfantSteps()
    expect(await steps.peekNext()).toBe('b1')
    expect(await steps.next()).toBe(true)
    expect(await steps.next()).toBe(true)
    expect(core.opened).toEqual(['b1', 'c1'])
    expect(await steps.next()).toBe(false)
    expect(await steps.previous()).toBe(true)
    expect(await steps.previous()).toBe(true)
    expect(core.opened.slice(2)).toEqual(['b1', 'a1'])
    expect(await steps.previous()).toBe(false)
    expect(core.asked.length).toBeLessThanOrEqual(2)
  })

  it('find it behind more films than are asked for at a time, forwards and backwards', async () => {
    const many = Array.from({ length: 250 }, (_, i) => `b${i}`)
    const list = useReadingList()
    list.take(['a1', ...many, 'c1'], 'a1')
    const steps = useInfantSteps()
    await steps.next()
    await steps.next()
    await steps.previous()
    expect(core.opened).toEqual(['b0', 'c1', 'b0'])
    expect(Math.max(...core.asked.map(ids => ids.length))).toBeLessThanOrEqual(100)
  })

  it('stay where they are when the reader has gone on meanwhile', async () => {
    const list = useReadingList()
    list.take(['a1', 'b1', 'c1'], 'a1')
    const step = useInfantSteps().next()
    core.film = 'c1'
    expect(await step).toBe(true)
    expect(core.opened).toEqual([])
  })
})
