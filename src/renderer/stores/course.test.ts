import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useCourse } from './course'

const room = vi.hoisted(() => ({
  reading: null as unknown as { detail: { series: { id: string }[] } | null },
  hides: null as unknown as { model: boolean },
  asked: [] as string[][],
  change: (_: { areas: string[]; filmIds: string[] | null }) => {}
}))

vi.mock('../api-client', () => ({
  isAborted: () => false,
  toProblem: (error: unknown) => error,
  api: {
    predictions: {
      course: async ({ filmIds }: { filmIds: string[] }) => {
        room.asked.push(filmIds)
        return filmIds.map(filmId => ({
          filmId,
          probabilities: filmId === 'new' ? null : [0, 0, 0, 0, 1, 0]
        }))
      }
    }
  }
}))
vi.mock('./project', () => ({
  useProject: () => ({ onChange: (listener: typeof room.change) => (room.change = listener) })
}))
vi.mock('./reading', async () => {
  const { reactive } = await import('vue')
  room.reading = reactive({ detail: null })
  return { useReading: () => room.reading }
})
vi.mock('./blinding', async () => {
  const { reactive } = await import('vue')
  room.hides = reactive({ model: false })
  return { useBlinding: () => ({ hides: room.hides }) }
})

beforeEach(() => {
  setActivePinia(createPinia())
  room.asked = []
  room.reading.detail = { series: [{ id: 'a' }, { id: 'new' }] }
  room.hides.model = false
})

afterEach(() => useCourse().$dispose())

describe('the model’s course over an infant’s films', () => {
  it('holds what has been predicted, and nothing for what has not', async () => {
    const course = useCourse()
    await vi.waitFor(() => expect([...course.probabilities!.keys()]).toEqual(['a']))
  })

  it('is not there while the model is hidden', async () => {
    const course = useCourse()
    await vi.waitFor(() => expect(course.probabilities!.size).toBe(1))
    room.hides.model = true
    expect(course.probabilities).toBeNull()
  })

  it('asks nothing for an infant with one film, and again when predictions of its films come', async () => {
    room.reading.detail = { series: [{ id: 'a' }] }
    const course = useCourse()
    expect(room.asked).toEqual([])
    room.reading.detail = { series: [{ id: 'a' }, { id: 'b' }] }
    await vi.waitFor(() => expect(course.probabilities!.size).toBe(2))
    room.change({ areas: ['predictions'], filmIds: ['c'] })
    room.change({ areas: ['labels'], filmIds: null })
    expect(room.asked).toHaveLength(1)
    room.change({ areas: ['predictions'], filmIds: ['b'] })
    expect(room.asked).toHaveLength(2)
  })
})
