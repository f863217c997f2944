import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useFilms } from './films'
import type { FilmQuery } from '../../contract'

const calls = vi.hoisted(() => ({ query: vi.fn(), facets: vi.fn() }))
vi.mock('../api-client', () => ({
  api: { films: calls },
  resourceUrl: (path: string) => path,
  toProblem: (error: Error) => ({ code: 'INTERNAL', message: error.message, data: {} })
}))
vi.mock('./project', () => ({ useProject: () => ({ current: null, onChange: () => () => {} }) }))
vi.mock('./session', () => ({ useSession: () => ({ settings: null }) }))

const TOTAL = 43_338
const settle = () => new Promise(resolve => setTimeout(resolve))

function answer({ query, offset, limit }: { query: FilmQuery; offset: number; limit: number }) {
  const rows = Array.from({ length: Math.min(limit, TOTAL - offset) }, (_, index) => ({
    id: `${query.filter.text}${query.sort.direction}-${offset + index}`
  }))
  return Promise.resolve({ total: TOTAL, rows })
}

describe('films', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    calls.query.mockReset().mockImplementation(answer)
    calls.facets.mockReset().mockResolvedValue({})
  })

  it('fetches only the pages in view, and each once', async () => {
    const films = useFilms()
    await films.restart()
    films.ensure(40_150, 40_210)
    films.ensure(40_155, 40_215)
    await settle()
    expect(calls.query.mock.calls.map(([input]) => input.offset)).toEqual([0, 40_100, 40_200])
    expect(films.rowAt(40_150)?.id).toBe('ascending-40150')
    expect(films.rowAt(20_000)).toBeUndefined()
  })

  it('asks for no page beyond the end', async () => {
    const films = useFilms()
    await films.restart()
    films.ensure(TOTAL - 10, TOTAL + 500)
    await settle()
    expect(calls.query.mock.lastCall?.[0].offset).toBe(43_300)
    expect(calls.query).toHaveBeenCalledTimes(2)
  })

  it('throws away the answer to an older query', async () => {
    const films = useFilms()
    await films.restart()
    let release = () => {}
    calls.query.mockImplementationOnce(async input => {
      await new Promise<void>(resolve => (release = resolve))
      return answer(input)
    })
    const late = films.restart()
    films.sortBy('patientKey')
    await settle()
    release()
    await late
    expect(films.sort.direction).toBe('descending')
    expect(films.rowAt(0)?.id).toBe('descending-0')
  })

  it('keeps what is shown and says why where a page cannot be fetched, then tries again', async () => {
    const films = useFilms()
    await films.restart()
    calls.query.mockRejectedValueOnce(new Error('gone'))
    films.ensure(500, 510)
    await settle()
    expect(films.problem?.message).toBe('gone')
    expect(films.rowAt(0)?.id).toBe('ascending-0')
    films.ensure(500, 510)
    await settle()
    expect(films.rowAt(500)?.id).toBe('ascending-500')
    expect(films.problem).toBeNull()
  })

  it('waits for typing to pause before it searches', async () => {
    vi.useFakeTimers()
    const films = useFilms()
    films.setText('R')
    films.setText('RDS ')
    await vi.advanceTimersByTimeAsync(500)
    vi.useRealTimers()
    expect(calls.query.mock.calls.map(([input]) => input.query.filter.text)).toEqual(['RDS'])
    expect(films.isFiltered).toBe(true)
  })
})
