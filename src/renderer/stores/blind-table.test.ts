import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { facetKey, studyColumnKey, type FilmQuery } from '../../contract'
import { blindTable, hidesColumn, hidesFacet, hidesScreen, withholdsScreen } from './blind-table'
import { useBlinding, type Hides } from './blinding'
import { useFilms } from './films'
import { useStudyLayout } from './study-layout'

const calls = vi.hoisted(() => ({ query: vi.fn(), facets: vi.fn(), ids: vi.fn(), exportTable: vi.fn() }))
/** Reactive, since the reader's switch lies there; made in the mock, which comes before the imports. */
const session = vi.hoisted(() => ({ settings: { blindReading: false }, change: vi.fn() }))
vi.mock('../api-client', () => ({
  api: { films: calls },
  resourceUrl: (path: string) => path,
  toProblem: (error: Error) => ({ code: 'INTERNAL', message: error.message, data: {} })
}))
vi.mock('./project', () => ({
  useProject: () => ({ current: null, isOpen: true, onChange: () => () => {} })
}))
vi.mock('./session', async () => {
  const { reactive } = await import('vue')
  session.settings = reactive(session.settings)
  return { useSession: () => session }
})
/** The reader's own switch. */
const blind = (on: boolean) => (session.settings.blindReading = on)

const NOTHING: Hides = { model: false, others: false, own: false, context: false }
const BY_KEY: Hides = { ...NOTHING, model: true, others: true }
const asked: FilmQuery = {
  filter: {
    text: 'p1',
    facets: { label: ['TTN'], confidenceBand: ['<50'], site: ['A'] },
    set: 'q'.repeat(26)
  },
  sort: { key: 'confidence', direction: 'descending' }
}

beforeEach(() => {
  blind(false)
  setActivePinia(createPinia())
  calls.query.mockReset().mockResolvedValue({ total: 1, rows: [{ id: 'a' }] })
  calls.facets.mockReset().mockResolvedValue({})
  calls.ids.mockReset().mockResolvedValue([])
  calls.exportTable.mockReset().mockResolvedValue({ csv: '', rows: 0 })
})

describe('the Studies table of a blinded reader', () => {
  it('leaves out every column and filter that tells of model or labels, and no other', () => {
    const left = (hides: Hides) => [
      studyColumnKey.options.filter(key => hidesColumn(key, hides)),
      facetKey.options.filter(key => hidesFacet(key, hides)).sort()
    ]
    expect(left(NOTHING)).toEqual([[], []])
    expect(left(BY_KEY)).toEqual([
      ['label', 'predicted', 'confidence', 'path', 'labelledBy', 'tags'],
      ['agreement', 'certainty', 'confidenceBand', 'device', 'finding', 'label', 'labelState', 'predicted']
    ])
    expect(left({ ...NOTHING, context: true })).toEqual([
      ['sex', 'gaDays', 'bwGrams', 'contextState', 'path'],
      ['bwBand', 'contextState', 'gaBand', 'sex']
    ])
  })

  it('asks for nothing that would tell, and says what it passed over', () => {
    expect(blindTable(asked, BY_KEY)).toEqual({
      query: {
        filter: { text: 'p1', facets: { site: ['A'] }, textIn: 'names' },
        sort: { key: 'patientKey', direction: 'ascending' }
      },
      ignored: { facets: ['label', 'confidenceBand'], sort: true, set: true }
    })
    expect(blindTable(asked, { ...NOTHING, context: true }).ignored).toEqual({
      facets: [],
      sort: false,
      set: true
    })
    expect(blindTable(asked, NOTHING).query).toBe(asked)
  })

  it('is asked for anew when blinding begins, keeps what was asked through it, and shows it again at its end', async () => {
    const films = useFilms()
    films.show({ ...asked, filter: { ...asked.filter, set: undefined } })
    const last = () => calls.query.mock.lastCall?.[0].query as FilmQuery
    expect(last().filter.facets).toHaveProperty('label')
    blind(true)
    await nextTick()
    for (const { filter } of [last(), calls.facets.mock.lastCall?.[0]])
      expect(filter).toEqual({ text: 'p1', facets: { site: ['A'] }, textIn: 'names' })
    expect(last().sort.key).toBe('patientKey')
    await films.allIds()
    await films.exportTable(['patientKey'], null)
    for (const call of [calls.ids, calls.exportTable])
      expect(JSON.stringify(call.mock.lastCall)).not.toMatch(/TTN|confidence/)
    films.clearFilters()
    expect(films.isFiltered).toBe(false)
    blind(false)
    await nextTick()
    expect(last().filter.facets).toEqual({ label: ['TTN'], confidenceBand: ['<50'] })
    expect(last().sort).toEqual(asked.sort)
  })

  it('leaves what a protocol hides of its films to the core, which knows which films those are', () => {
    const blinding = useBlinding()
    blinding.impose({ model: true, others: true })
    expect(blinding.hides.model).toBe(true)
    expect(blindTable(asked, blinding.elsewhere).query).toEqual(asked)
    expect(hidesScreen('queues', blinding.elsewhere)).toBe(false)
  })

  it('shows of a revealed film what the core gives of it, and no more', () => {
    const blinding = useBlinding()
    blinding.impose({ model: true })
    blinding.know(['model', 'own'])
    blinding.reveal()
    expect(blinding.hides).toMatchObject({ model: true, own: true, others: false })
    blinding.know([])
    expect(blinding.hides).toEqual(NOTHING)
  })

  it('shows the other columns as they were laid out, and never none', () => {
    const layout = useStudyLayout()
    const keys = () => layout.shown.map(({ key }) => key)
    const before = keys()
    blind(true)
    const hidden = ['label', 'predicted', 'confidence', 'path']
    expect(keys()).toEqual(before.filter(key => !hidden.includes(key)))
    expect(layout.offered.some(({ key }) => key === 'tags')).toBe(false)
    layout.setColumns(layout.columns.map(column => ({ ...column, shown: column.key === 'label' })))
    expect(keys()).toEqual(['patientKey'])
    blind(false)
    expect(keys()).toEqual(['label'])
  })

  it('moves a column over those that are hidden', () => {
    const layout = useStudyLayout()
    blind(true)
    const keys = () => layout.shown.map(({ key }) => key)
    layout.setShown('splitSide', true)
    const [beforeLast, last] = keys().slice(-2)
    layout.move(last!, -1)
    expect(keys().slice(-2)).toEqual([last, beforeLast])
  })
})

describe('screens', () => {
  it('are hidden where they tell of films one by one, and never those that lead out', () => {
    const screens = [
      'queues',
      'history',
      'agreement',
      'evaluation',
      'studies',
      'reading',
      'protocols',
      'settings'
    ]
    const hidden = (hides: Hides) => screens.filter(name => hidesScreen(name, hides))
    expect(hidden(BY_KEY)).toEqual(['queues', 'history', 'agreement', 'evaluation'])
    expect(hidden({ ...NOTHING, model: true })).toEqual(['queues', 'evaluation'])
    expect(hidden({ ...NOTHING, context: true })).toEqual(['queues', 'history'])
    expect(hidden(NOTHING)).toEqual([])
  })

  it('of figures over all films are withheld while a protocol hides what they are made from', () => {
    const screens = ['studies', 'queues', 'history', 'agreement', 'evaluation', 'experiments', 'models']
    const withheld = (hides: Hides) => screens.filter(name => withholdsScreen(name, hides))
    expect(withheld({ ...NOTHING, others: true })).toEqual(['agreement', 'evaluation', 'experiments'])
    expect(withheld({ ...NOTHING, model: true })).toEqual(['evaluation', 'experiments'])
    expect(withheld({ ...NOTHING, context: true })).toEqual([])
  })
})
