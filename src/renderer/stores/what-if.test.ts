import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { FilmDetail, FilmRow, Prediction, Settings, WhatIf } from '../../contract'
import { useBlinding } from './blinding'
import { usePrediction } from './prediction'
import { useReading } from './reading'
import { useSession } from './session'
import { useWhatIf } from './what-if'

/** A core whose answers to what-if questions come when the test lets them. */
const core = vi.hoisted(() => ({
  asked: [] as { filmId: string; gaDays: number | null; bwGrams: number | null }[],
  answers: [] as (() => void)[],
  entry: 'pooled'
}))

vi.mock('../api-client', async () => {
  const { ref } = await import('vue')
  const row = (id: string) =>
    ({ id, patientId: 'p', gaDays: 200, bwGrams: null, labelledBy: null }) as unknown as FilmRow
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
      predictions: {
        get: async ({ filmId }: { filmId: string }) =>
          ({
            filmId,
            modelId: 'm',
            context: { gaDays: 200, bwGrams: 2100, imputed: ['bwGrams'] }
          }) as unknown as Prediction
      },
      explain: {
        whatIf: (question: (typeof core.asked)[number]) => {
          core.asked.push(question)
          return new Promise<WhatIf>(resolve =>
            core.answers.push(() =>
              resolve({ ...question, modelId: 'm', entry: core.entry } as unknown as WhatIf)
            )
          )
        }
      }
    }
  }
})

async function setUp() {
  const store = useWhatIf()
  await useReading().open('a')
  await vi.waitFor(() => expect(usePrediction().prediction).not.toBeNull())
  return store
}

beforeEach(() => {
  setActivePinia(createPinia())
  useSession().settings = { readerName: 'Kim', blindReading: false } as Settings
  core.asked = []
  core.answers = []
  core.entry = 'pooled'
})

describe('what if', () => {
  it('stands at the recorded value, or at what the model takes in its place', async () => {
    const store = await setUp()
    expect(store.shown).toEqual({ gaDays: 200, bwGrams: 2100 })
    expect(store.answer).toBeNull()
  })

  it('asks one question at a time and only the newest next', async () => {
    const store = await setUp()
    for (const gaDays of [201, 202, 203, 204]) store.set({ gaDays })
    expect(core.asked.map(({ gaDays }) => gaDays)).toEqual([201])
    core.answers.shift()!()
    await vi.waitFor(() => expect(core.asked.map(({ gaDays }) => gaDays)).toEqual([201, 204]))
    core.answers.shift()!()
    await vi.waitFor(() => expect(store.answer?.gaDays).toBe(204))
    expect(core.asked[1]!.bwGrams).toBeNull()
  })

  it('has the answer to the next key before it is pressed', async () => {
    const store = await setUp()
    const asked = () => core.asked.map(({ gaDays }) => gaDays)
    store.set({ gaDays: 201 }, [{ gaDays: 202 }, { gaDays: 208 }])
    core.answers.shift()!()
    await vi.waitFor(() => expect(asked()).toEqual([201, 202, 208]))
    core.answers.shift()!()
    core.answers.shift()!()
    await new Promise(resolve => setTimeout(resolve))
    store.set({ gaDays: 208 }, [{ gaDays: 202 }, { gaDays: 215 }])
    expect(store.answer?.gaDays).toBe(208)
    await vi.waitFor(() => expect(asked()).toEqual([201, 202, 208, 215]))
  })

  it('does not let an answer on its way take the place of a later one that was known', async () => {
    const store = await setUp()
    store.set({ gaDays: 201 })
    core.answers.shift()!()
    await vi.waitFor(() => expect(store.answer?.gaDays).toBe(201))
    store.set({ gaDays: 250 })
    store.set({ gaDays: 201 })
    core.answers.shift()!()
    await new Promise(resolve => setTimeout(resolve))
    expect(store.answer?.gaDays).toBe(201)
    store.set({ gaDays: 250 })
    expect(store.answer?.gaDays).toBe(250)
    expect(core.asked).toHaveLength(2)
  })

  it('asks nothing ahead where each answer runs the whole network', async () => {
    core.entry = 'backbone'
    const store = await setUp()
    store.set({ gaDays: 201 }, [{ gaDays: 202 }])
    core.answers.shift()!()
    await vi.waitFor(() => expect(store.answer?.gaDays).toBe(201))
    await new Promise(resolve => setTimeout(resolve))
    expect(core.asked).toHaveLength(1)
  })

  it('drops an answer that comes after the film has changed', async () => {
    const store = await setUp()
    store.set({ gaDays: 250 })
    await useReading().open('b')
    core.answers.shift()!()
    await new Promise(resolve => setTimeout(resolve))
    expect(store.latest).toBeNull()
    expect(store.asked).toBeNull()
  })

  it('goes back to what is recorded', async () => {
    const store = await setUp()
    store.set({ gaDays: 250 })
    core.answers.shift()!()
    await vi.waitFor(() => expect(store.answer).not.toBeNull())
    store.reset()
    expect(store.answer).toBeNull()
    expect(store.shown.gaDays).toBe(200)
  })

  it('neither asks nor answers while the model is hidden', async () => {
    const store = await setUp()
    useBlinding().impose({ model: true })
    store.set({ gaDays: 250 })
    expect(core.asked).toEqual([])
    expect(store.answer).toBeNull()
  })
})
