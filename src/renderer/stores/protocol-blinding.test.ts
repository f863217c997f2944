import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeProject } from './project.fixture'
import { useProtocolBlinding } from './protocol-blinding'

const protocols = vi.hoisted(() => ({ blinding: vi.fn(), unblind: vi.fn() }))
const holder = vi.hoisted(() => ({ project: null as never, session: null as never }))
vi.mock('../api-client', () => ({ api: { protocols }, toProblem: (error: unknown) => error }))
vi.mock('./project', () => ({ useProject: () => holder.project }))
vi.mock('./session', async () => {
  const { reactive } = await import('vue')
  holder.session = reactive({ settings: { readerName: 'Kim' } }) as never
  return { useSession: () => holder.session }
})
const project = () => holder.project as unknown as ReturnType<typeof fakeProject>
const session = () => holder.session as unknown as { settings: { readerName: string } }
const round = { id: '1', name: 'Round 1', hides: ['model', 'own'], left: 2 }
const blinded = { reader: 'Kim', hides: ['model', 'own'], films: 3, protocols: [round], mayUnblind: true }
const open = { reader: 'Kim', hides: [], films: 0, protocols: [], mayUnblind: true }
const settled = () => new Promise(resolve => setTimeout(resolve))

beforeEach(() => {
  setActivePinia(createPinia())
  holder.project = fakeProject() as never
  session().settings.readerName = 'Kim'
  protocols.blinding.mockReset().mockResolvedValue(blinded)
  protocols.unblind.mockReset().mockResolvedValue(open)
})

describe('what open protocols hide', () => {
  it('is the core’s word, asked again after readings and where another name signs', async () => {
    const store = useProtocolBlinding()
    expect(store.active).toBe(false)
    await settled()
    expect(store.anywhere).toEqual({ model: true, others: false, own: true, context: false })
    expect(store.active).toBe(true)
    project().tell('films')
    project().tell('review')
    session().settings.readerName = 'Lee'
    await settled()
    expect(protocols.blinding).toHaveBeenCalledTimes(3)
    project().current = null
    await nextTick()
    expect([store.state, store.active]).toEqual([null, false])
  })

  it('stays as it was known where the question fails: nothing is shown by mistake', async () => {
    const store = useProtocolBlinding()
    await settled()
    protocols.blinding.mockRejectedValue({ code: 'CONNECTION_LOST' })
    project().tell('review')
    await settled()
    expect(store.active).toBe(true)
  })

  it('is shown to who may look, and a refusal is said', async () => {
    const store = useProtocolBlinding()
    await settled()
    protocols.unblind.mockRejectedValueOnce({ code: 'CONFLICT' })
    expect(await store.unblind('1', 'why')).toBe(false)
    expect([store.problem, store.active, store.busy]).toEqual([{ code: 'CONFLICT' }, true, false])
    expect(await store.unblind('1', 'why')).toBe(true)
    expect(protocols.unblind).toHaveBeenLastCalledWith({ protocol: '1', reason: 'why' })
    expect([store.problem, store.active]).toEqual([null, false])
  })
})
