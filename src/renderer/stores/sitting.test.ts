import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Settings } from '../../contract'
import { useBlinding } from './blinding'
import { useSession } from './session'
import { useSitting } from './sitting'

const core = vi.hoisted(() => ({ counted: 0 }))
vi.mock('../api-client', async () => {
  const { ref } = await import('vue')
  return {
    connection: ref('open'),
    hostBridge: () => undefined,
    toProblem: (error: unknown) => error,
    api: {
      app: { changeSettings: async (change: object) => ({ readerName: 'Kim', ...change }) },
      films: {
        facets: async () => {
          core.counted += 1
          return { label: [{ value: 'RDS', count: 7 }] }
        }
      }
    }
  }
})

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  core.counted = 0
  setActivePinia(createPinia())
  useSession().settings = { readerName: 'Kim', showPace: false, blindReading: false } as Settings
})
afterEach(() => vi.useRealTimers())

function read(id: string, seconds: number, diagnosis: 'RDS' | 'TTN' = 'RDS'): void {
  useSitting().opened(id)
  vi.advanceTimersByTime(1000 * seconds)
  useSitting().labelled(id, diagnosis)
}

describe('a sitting', () => {
  it('counts films and their median time, a film labelled again once', () => {
    const sitting = useSitting()
    expect([sitting.films, sitting.medianSeconds]).toEqual([0, null])
    read('a', 2)
    read('b', 10)
    expect(sitting.medianSeconds).toBe(6)
    read('c', 4)
    read('a', 60, 'TTN')
    expect([sitting.films, sitting.medianSeconds]).toEqual([3, 4])
    expect(sitting.counts.filter(each => each.sitting > 0)).toMatchObject([
      { diagnosis: 'RDS', sitting: 2 },
      { diagnosis: 'TTN', sitting: 1 }
    ])
  })

  it('asks for the project’s classes only when they are wanted, and never for a blinded reader', async () => {
    const sitting = useSitting()
    await vi.waitFor(() => expect(core.counted).toBe(0))
    useBlinding().impose({ others: true })
    sitting.toggle()
    await vi.waitFor(() => expect(sitting.shown).toBe(true))
    expect(sitting.distributionShown).toBe(false)
    expect(core.counted).toBe(0)
    useBlinding().lift()
    await vi.waitFor(() => expect(sitting.counts.find(each => each.diagnosis === 'RDS')?.project).toBe(7))
  })

  it('goes on when settings or the project’s counts change', async () => {
    const sitting = useSitting()
    read('a', 2)
    useSession().settings = { readerName: 'Kim', showPace: true } as Settings
    await vi.waitFor(() => expect(sitting.distributionShown).toBe(true))
    expect(sitting.films).toBe(1)
  })

  it('begins anew with another reader', async () => {
    const sitting = useSitting()
    read('a', 2)
    useSession().settings = { readerName: 'Lee' } as Settings
    await vi.waitFor(() => expect(sitting.films).toBe(0))
  })
})
