import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useAgreement } from './agreement'
import { fakeProject } from './project.fixture'

const agreement = vi.hoisted(() => ({ summary: vi.fn(), pair: vi.fn(), films: vi.fn(), export: vi.fn() }))
const loadProtocols = vi.hoisted(() => vi.fn())
const holder = vi.hoisted(() => ({ project: null as never }))
vi.mock('../api-client', () => ({ api: { agreement }, toProblem: (error: unknown) => error }))
vi.mock('./project', () => ({ useProject: () => holder.project }))
vi.mock('./protocols', () => ({ useProtocols: () => ({ load: loadProtocols }) }))
const project = () => holder.project as unknown as ReturnType<typeof fakeProject>
const rater = (name: string) => ({ kind: 'reader', name, films: 3 })
const summaryOf = (...names: string[]) => ({
  raters: names.map(rater),
  pairs: names.length > 1 ? [{ first: 0, second: 1, films: 3 }] : [],
  panel: { films: names.length > 0 ? 3 : 0 }
})
const named = (name: string) => ({ kind: 'reader', name })

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  holder.project = fakeProject() as never
  for (const call of [...Object.values(agreement), loadProtocols]) call.mockReset()
  agreement.summary.mockResolvedValue(summaryOf('Kim', 'Lee', 'Park'))
  agreement.pair.mockResolvedValue({ films: 3 })
})
afterEach(() => vi.useRealTimers())

describe('agreement', () => {
  it('shows the first two raters, or those that were chosen as long as both are still there', async () => {
    const store = useAgreement()
    await store.load()
    await vi.runAllTimersAsync()
    expect(store.pair).toEqual({ first: named('Kim'), second: named('Lee') })
    expect(store.pairAgreement).toEqual({ films: 3 })
    store.choosePair({ first: named('Lee'), second: named('Park') } as never)
    await store.load()
    expect(store.pair).toEqual({ first: named('Lee'), second: named('Park') })
    agreement.summary.mockResolvedValue(summaryOf('Kim', 'Lee'))
    await store.load()
    expect(store.pair).toEqual({ first: named('Kim'), second: named('Lee') })
    agreement.summary.mockResolvedValue(summaryOf('Kim'))
    await store.load()
    expect([store.pair, store.pairAgreement]).toEqual([null, null])
    agreement.summary.mockResolvedValue(summaryOf())
    await store.load()
    expect(store.isEmpty).toBe(true)
  })

  it('is that of the protocol chosen last, however late an earlier answer comes', async () => {
    const store = useAgreement()
    const held: ((value: unknown) => void)[] = []
    agreement.summary.mockImplementation(() => new Promise(resolve => held.push(resolve)))
    store.choose({ protocol: 'one' })
    store.choose({ protocol: 'two', classes: ['BPD', 'RDS'] })
    held[1]!(summaryOf('Lee', 'Park'))
    held[0]!(summaryOf('Kim', 'Lee'))
    await vi.runAllTimersAsync()
    expect(store.summary?.raters.map(({ name }) => name)).toEqual(['Lee', 'Park'])
    expect(agreement.summary.mock.lastCall?.[0]).toEqual({ protocol: 'two', classes: ['BPD', 'RDS'] })
    expect(agreement.pair).toHaveBeenLastCalledWith(expect.objectContaining({ protocol: 'two' }))
    expect(store.loading).toBe(false)
  })

  it('is computed anew after changes that it rests on, and only while its screen is there', async () => {
    const store = useAgreement()
    project().tell('review')
    await vi.runAllTimersAsync()
    expect(agreement.summary).not.toHaveBeenCalled()
    store.open()
    project().tell('jobs', 'films')
    project().tell('review')
    project().tell('predictions')
    await vi.runAllTimersAsync()
    expect(agreement.summary).toHaveBeenCalledTimes(2)
    expect(loadProtocols).toHaveBeenCalledTimes(1)
    project().tell('models')
    store.leave()
    await vi.runAllTimersAsync()
    expect(agreement.summary).toHaveBeenCalledTimes(2)
  })

  it('gives the films behind a cell of the pair; none, with the reason, where that is refused', async () => {
    const store = useAgreement()
    expect(await store.filmsBehind(null)).toEqual([])
    expect(agreement.films).not.toHaveBeenCalled()
    await store.load()
    agreement.films.mockResolvedValue(['a'])
    expect(await store.filmsBehind(['TTN', 'RDS'])).toEqual(['a'])
    expect(agreement.films).toHaveBeenCalledWith({
      protocol: null,
      first: named('Kim'),
      second: named('Lee'),
      classes: ['TTN', 'RDS']
    })
    agreement.films.mockRejectedValue({ code: 'BLINDED' })
    expect(await store.filmsBehind(null)).toEqual([])
    expect(store.pairProblem).toEqual({ code: 'BLINDED' })
    agreement.export.mockRejectedValue({ code: 'BLINDED' })
    expect(await store.exportReadings('RDS', 'imrmc')).toBeNull()
    expect(store.problem).toEqual({ code: 'BLINDED' })
  })

  it('of another project is not shown in this one', async () => {
    const store = useAgreement()
    await store.load()
    project().current = { folder: '/b' }
    await nextTick()
    expect([store.summary, store.pair, store.pairAgreement]).toEqual([null, null, null])
  })
})
