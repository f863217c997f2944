import { createPinia, setActivePinia } from 'pinia'
import { nextTick, reactive } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useFilmSelection } from './film-selection'

const films = vi.hoisted(() => ({ current: {} as Record<string, unknown> }))
vi.mock('./films', () => ({ useFilms: () => films.current }))
vi.mock('./notices', () => ({ useNotices: () => ({ showProblem: vi.fn() }) }))
vi.mock('../api-client', () => ({ toProblem: (error: Error) => error }))

const TOTAL = 300
const everyId = Array.from({ length: TOTAL }, (_, i) => `f${i}`)

describe('choosing films', () => {
  let allIds: ReturnType<typeof vi.fn>
  const at = (index: number) => (films.current.activeIndex = index)
  beforeEach(() => {
    setActivePinia(createPinia())
    allIds = vi.fn().mockResolvedValue(everyId)
    films.current = reactive({
      ids: everyId.slice(0, 100),
      total: TOTAL,
      activeIndex: 0,
      shownQuery: { filter: { text: '', facets: {} } },
      allIds,
      moveTo: at
    })
  })
  const chosen = () => [...useFilmSelection().ids]

  it('takes one at a time, and lets it go again', () => {
    const selection = useFilmSelection()
    selection.toggle(4)
    selection.toggle(7)
    selection.toggle(4)
    expect(chosen()).toEqual(['f7'])
  })

  it('grows and shrinks a range from where it began, on top of what was chosen', async () => {
    const selection = useFilmSelection()
    selection.toggle(50)
    selection.leaveRange()
    at(10)
    await selection.extendTo(12)
    await selection.extendTo(13)
    await selection.extendTo(11)
    expect(chosen()).toEqual(['f50', 'f10', 'f11'])
    await selection.extendTo(9)
    expect(chosen()).toEqual(['f50', 'f9', 'f10'])
    expect(allIds).not.toHaveBeenCalled()
  })

  it('reaches over rows that were not fetched yet, and takes all', async () => {
    const selection = useFilmSelection()
    at(95)
    await selection.extendTo(250)
    expect(selection.count).toBe(156)
    await selection.all()
    expect(selection.count).toBe(TOTAL)
    await selection.extendTo(9999)
    expect(films.current.activeIndex).toBe(TOTAL - 1)
  })

  it('throws away a range that a later step has overtaken', async () => {
    const selection = useFilmSelection()
    let release = (_ids: string[]) => {}
    allIds.mockReturnValueOnce(new Promise(resolve => (release = resolve)))
    const late = selection.extendTo(250)
    selection.clear()
    release(everyId)
    await late
    expect(chosen()).toEqual([])
  })

  it('lets everything go where another filter hides it, not where only the order changes', async () => {
    const selection = useFilmSelection()
    selection.toggle(1)
    films.current.shownQuery = { filter: { text: '', facets: {} }, sort: { key: 'path' } }
    await nextTick()
    expect(selection.count).toBe(1)
    films.current.shownQuery = { filter: { text: 'x', facets: {} } }
    await nextTick()
    expect(selection.count).toBe(0)
  })
})
