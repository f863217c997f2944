import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeProject } from './project.fixture'
import { useReaders } from './readers'

const readers = vi.hoisted(() => ({ list: vi.fn(), save: vi.fn() }))
const holder = vi.hoisted(() => ({ project: null as never, session: null as never }))
vi.mock('../api-client', () => ({ api: { readers }, toProblem: (error: unknown) => error }))
vi.mock('./project', () => ({ useProject: () => holder.project }))
vi.mock('./session', async () => {
  const { reactive } = await import('vue')
  holder.session = reactive({ settings: { readerName: 'Kim' } }) as never
  return { useSession: () => holder.session }
})
const project = () => holder.project as unknown as ReturnType<typeof fakeProject>
const session = () => holder.session as unknown as { settings: { readerName: string } }
const kim = { name: 'Kim', roles: ['reader'], active: true, createdAt: '' }
const settled = () => new Promise(resolve => setTimeout(resolve))

beforeEach(() => {
  setActivePinia(createPinia())
  holder.project = fakeProject() as never
  session().settings.readerName = 'Kim'
  readers.list.mockReset().mockResolvedValue({
    readers: [kim],
    current: { name: 'Kim', known: true, roles: ['reader'] }
  })
  readers.save.mockReset().mockResolvedValue(kim)
})

describe('readers of the project', () => {
  it('are asked for when a project is open, again when they change or another name signs, and forgotten with it', async () => {
    const store = useReaders()
    await settled()
    expect([store.loaded, store.all]).toEqual([true, [kim]])
    project().tell('films')
    expect(readers.list).toHaveBeenCalledTimes(1)
    project().tell('review')
    session().settings.readerName = 'Lee'
    await settled()
    expect(readers.list).toHaveBeenCalledTimes(3)
    project().current = null
    await nextTick()
    expect([store.loaded, store.all, store.current]).toEqual([false, [], null])
    expect(readers.list).toHaveBeenCalledTimes(3)
  })

  it('say what whoever signs may do, which is nothing until it is known', async () => {
    const store = useReaders()
    expect([store.may('reader'), store.open]).toEqual([false, false])
    await settled()
    expect([store.may('reader'), store.may('curator', 'admin'), store.open]).toEqual([true, false, false])
    readers.list.mockResolvedValue({
      readers: [],
      current: { name: 'Kim', known: false, roles: ['reader', 'admin'] }
    })
    await store.load()
    expect([store.may('admin'), store.open]).toEqual([true, true])
  })

  it('are saved and asked for anew; what was refused is said and changes nothing', async () => {
    const store = useReaders()
    await settled()
    expect(await store.save({ name: 'Lee', roles: ['curator'], active: true })).toBe(true)
    expect(readers.list).toHaveBeenCalledTimes(2)
    readers.save.mockRejectedValue({ code: 'CONFLICT', data: { reason: 'no-admin' } })
    expect(await store.save({ name: 'Kim', roles: ['reader'], active: true })).toBe(false)
    expect(store.problem).toMatchObject({ data: { reason: 'no-admin' } })
    expect([store.saving, store.all]).toEqual([false, [kim]])
    expect(readers.list).toHaveBeenCalledTimes(2)
  })
})
