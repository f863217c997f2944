import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Explained, FilmDetail, FilmRow, NearestFilms, Prediction, Settings } from '../../contract'
import { useBlinding } from './blinding'
import { useExplanation } from './explanation'
import { useReading } from './reading'
import { useSession } from './session'

/** A core that notes what it is asked, and answers when the test lets it. */
const core = vi.hoisted(() => ({
  asked: [] as string[],
  gathering: [] as { state: 'gathering'; done: number; total: number }[],
  hold: null as Promise<void> | null
}))

vi.mock('../api-client', async () => {
  const { ref } = await import('vue')
  const row = (id: string) => ({ id, patientId: 'p', gaDays: 200, bwGrams: 1500 }) as unknown as FilmRow
  const note = (name: string, filmId: string) => core.asked.push(`${name} ${filmId}`)
  return {
    connection: ref('open'),
    hostBridge: () => undefined,
    isAborted: () => false,
    toProblem: (error: unknown) => error,
    api: {
      films: {
        get: async ({ id }: { id: string }) =>
          ({ row: row(id), label: null, series: [] }) as unknown as FilmDetail
      },
      history: { list: async () => [] },
      predictions: { get: async () => ({}) as Prediction },
      explain: {
        describe: async ({ filmId }: { filmId: string }) => {
          note('describe', filmId)
          return { modelId: 'm', predicted: 'RDS', gate: true } as unknown as Explained
        },
        gate: async ({ filmId, diagnosis }: { filmId: string; diagnosis: string }) => {
          note(`gate ${diagnosis}`, filmId)
          await core.hold
          return { diagnosis }
        },
        nearest: async ({ filmId }: { filmId: string }): Promise<NearestFilms> => {
          note('nearest', filmId)
          const step = core.gathering.shift()
          return step ?? ({ state: 'found', neighbours: [] } as unknown as NearestFilms)
        }
      }
    }
  }
})

async function setUp() {
  const store = useExplanation()
  await useReading().open('a')
  await vi.waitFor(() => expect(store.diagnosis).toBe('RDS'))
  return store
}

beforeEach(() => {
  setActivePinia(createPinia())
  useSession().settings = { readerName: 'Kim', blindReading: false } as Settings
  core.asked = []
  core.gathering = []
  core.hold = null
})

describe('explanation', () => {
  it('follows the predicted class until another is chosen, and forgets what was of the old one', async () => {
    const store = await setUp()
    await store.loadGate()
    expect(store.parts.gate.value).toMatchObject({ diagnosis: 'RDS' })
    store.explainClass('TTN')
    await vi.waitFor(() => expect(store.parts.gate.value).toBeNull())
    await store.loadGate()
    expect(core.asked.slice(-2)).toEqual(['gate RDS a', 'gate TTN a'])
  })

  it('drops an answer that comes after the film has changed', async () => {
    const store = await setUp()
    let release = () => {}
    core.hold = new Promise(resolve => (release = resolve))
    const late = store.loadGate()
    await useReading().open('b')
    release()
    await late
    expect(store.parts.gate.value).toBeNull()
    await vi.waitFor(() => expect(core.asked).toContain('describe b'))
  })

  it('asks on until the features are gathered, and shows how far it is', async () => {
    const store = await setUp()
    core.gathering = [
      { state: 'gathering', done: 1, total: 3 },
      { state: 'gathering', done: 2, total: 3 }
    ]
    await store.loadNearest()
    expect(core.asked.filter(asked => asked.startsWith('nearest'))).toHaveLength(3)
    expect(store.parts.nearest.value?.state).toBe('found')
  })

  it.each([{ model: true }, { context: true }])(
    'asks nothing and holds nothing while %o is hidden',
    async what => {
      const store = await setUp()
      await store.loadGate()
      useBlinding().impose(what)
      await vi.waitFor(() => expect(store.parts.gate.value).toBeNull())
      expect(store.parts.described.value).toBeNull()
      core.asked = []
      await store.loadGate()
      await store.loadNearest()
      expect(core.asked).toEqual([])
    }
  )
})
