import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeProject } from './project.fixture'
import { useProtocols, type NewProtocol } from './protocols'

const protocols = vi.hoisted(() => ({
  list: vi.fn(),
  get: vi.fn(),
  make: vi.fn(),
  close: vi.fn(),
  consensus: vi.fn(),
  takeConsensus: vi.fn()
}))
const facets = vi.hoisted(() => vi.fn())
const list = vi.hoisted(() => ({ take: vi.fn(), currentId: 'first' }))
const holder = vi.hoisted(() => ({ project: null as never }))
vi.mock('../api-client', () => ({
  api: { protocols, films: { facets } },
  toProblem: (error: unknown) => error
}))
vi.mock('./project', () => ({ useProject: () => holder.project }))
vi.mock('./reading-list', () => ({ useReadingList: () => list }))
const project = () => holder.project as unknown as ReturnType<typeof fakeProject>
const info = (id: string) => ({ id, name: `Round ${id}` })
const state = ({ protocol }: { protocol: string }) => ({ protocol: info(protocol), differing: 1 })

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  holder.project = fakeProject() as never
  for (const call of Object.values(protocols)) call.mockReset()
  protocols.list.mockResolvedValue([info('2'), info('1')])
  protocols.get.mockImplementation(async input => state(input))
  list.take.mockReset()
})
afterEach(() => vi.useRealTimers())

describe('protocols', () => {
  it('begin with the newest, keep the one chosen, and go back to the newest where that is gone', async () => {
    const store = useProtocols()
    await store.load()
    expect([store.chosenId, store.state?.protocol.id]).toEqual(['2', '2'])
    await store.choose('1')
    await store.load()
    expect([store.chosen?.name, store.state?.protocol.id]).toEqual(['Round 1', '1'])
    protocols.list.mockResolvedValue([info('2')])
    await store.load()
    expect([store.chosenId, store.state?.protocol.id]).toEqual(['2', '2'])
    protocols.list.mockResolvedValue([])
    await store.load()
    expect([store.chosenId, store.state]).toEqual([null, null])
  })

  it('show the answer about the one chosen last, however late an earlier one comes', async () => {
    const store = useProtocols()
    await store.load()
    const held: ((value: unknown) => void)[] = []
    protocols.get.mockImplementation(
      ({ protocol }) => new Promise(resolve => held.push(() => resolve(state({ protocol }))))
    )
    const first = store.choose('1')
    await nextTick()
    await vi.waitFor(() => expect(held).toHaveLength(1))
    const second = store.choose('2')
    await vi.waitFor(() => expect(held).toHaveLength(2))
    held[1]!(null)
    held[0]!(null)
    await Promise.all([first, second])
    expect(store.state?.protocol.id).toBe('2')
  })

  it('are asked for again after readings and labels while their screen is there, once for several changes', async () => {
    const store = useProtocols()
    project().tell('review')
    await vi.runAllTimersAsync()
    expect(protocols.list).not.toHaveBeenCalled()
    store.open()
    await vi.runAllTimersAsync()
    project().tell('review')
    project().tell('labels')
    project().tell('jobs')
    await vi.runAllTimersAsync()
    expect(protocols.list).toHaveBeenCalledTimes(2)
    project().tell('review')
    store.leave()
    await vi.runAllTimersAsync()
    expect(protocols.list).toHaveBeenCalledTimes(2)
  })

  it('say what was refused beside what is shown, and make nothing of it', async () => {
    const store = useProtocols()
    await store.load()
    protocols.make.mockRejectedValue({ code: 'INVALID_INPUT', data: { field: 'name' } })
    expect(await store.make({ name: 'Round 2', films: 3 } as NewProtocol)).toBeNull()
    expect([store.actionProblem, store.problem, store.busy]).toEqual([
      { code: 'INVALID_INPUT', data: { field: 'name' } },
      null,
      false
    ])
    protocols.make.mockResolvedValue(info('1'))
    expect(await store.make({ name: null, films: 3 } as NewProtocol)).toEqual(info('1'))
    expect([store.actionProblem, store.chosenId]).toEqual([null, '1'])
  })

  it('hand over the films whose consensus is not their label, and those only', async () => {
    const store = useProtocols()
    await store.load()
    protocols.consensus.mockResolvedValue([
      { filmId: 'a', diagnosis: 'RDS', label: 'RDS' },
      { filmId: 'b', diagnosis: 'TTN', label: 'RDS' },
      { filmId: 'c', diagnosis: null, label: 'RDS' },
      { filmId: 'd', diagnosis: 'TTN', label: null }
    ])
    expect(await store.readDiffering()).toBe('first')
    expect(list.take).toHaveBeenCalledWith(['b', 'd'])
    protocols.consensus.mockRejectedValue({ code: 'BLINDED' })
    expect(await store.readDiffering()).toBeNull()
    expect(store.actionProblem).toEqual({ code: 'BLINDED' })
    expect(list.take).toHaveBeenCalledTimes(1)
  })

  it('tell what taking the consensus over came to, for as long as the protocol is on screen', async () => {
    const store = useProtocols()
    await store.load()
    protocols.takeConsensus.mockResolvedValue({ applied: 2, unchanged: 1 })
    await store.takeConsensus('agreed')
    expect(protocols.takeConsensus).toHaveBeenCalledWith({ protocol: '2', reason: 'agreed' })
    expect(store.taken).toEqual({ applied: 2, unchanged: 1 })
    await store.choose('1')
    expect(store.taken).toBeNull()
  })

  it('of another project are not shown in this one', async () => {
    const store = useProtocols()
    await store.load()
    project().current = { folder: '/b' }
    await nextTick()
    expect([store.all, store.loaded, store.chosenId, store.state]).toEqual([[], false, null, null])
  })
})
