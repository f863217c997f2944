import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { FilmDetail, FilmRow, Revision, Settings } from '../../contract'
import { blindDetail, blindQuery, blindRevisions } from './blind-view'
import { useBlinding, type Hides } from './blinding'
import { useSession } from './session'

vi.mock('../api-client', async () => {
  const { ref } = await import('vue')
  return {
    connection: ref('open'),
    hostBridge: () => undefined,
    toProblem: (error: unknown) => error,
    api: { app: { changeSettings: async (change: object) => ({ readerName: 'Kim', ...change }) } }
  }
})

const NOTHING: Hides = { model: false, others: false, own: false, context: false }
const row = (id: string, labelledBy: string): FilmRow =>
  ({
    id,
    path: 'RDS/film.dcm',
    label: 'RDS',
    certainty: 'sure',
    labelledBy,
    predicted: 'TTN',
    confidence: 0.9,
    gaDays: 200,
    bwGrams: 1200,
    sex: 'M',
    contextState: 'warn',
    tags: ['pneumothorax:left'],
    taggedBy: labelledBy
  }) as FilmRow
const film = (labelledBy: string) =>
  ({
    row: row('a', labelledBy),
    label: { diagnosis: 'RDS', certainty: 'sure', comment: 'ground glass' },
    file: '/films/RDS/film.dcm',
    series: [row('a', labelledBy), row('b', 'Lee'), row('c', 'Kim')]
  }) as FilmDetail
const viewer = { reader: 'Kim', answered: false }

beforeEach(() => {
  setActivePinia(createPinia())
  useSession().settings = { readerName: 'Kim', blindReading: false } as Settings
})

describe('blinded reading', () => {
  it('hides model and others at the reader’s wish, and GA and BW never', async () => {
    const blinding = useBlinding()
    expect(blinding.active).toBe(false)
    blinding.toggle()
    await vi.waitFor(() => expect(blinding.hides).toEqual({ ...NOTHING, model: true, others: true }))
  })

  it('is imposed by a protocol until committed, film after film, whatever the switch says', async () => {
    const blinding = useBlinding()
    blinding.impose({ model: true, context: true })
    blinding.toggle()
    expect(blinding.chosen).toBe(false)
    expect(blinding.hides).toEqual({ ...NOTHING, model: true, context: true })
    blinding.reveal()
    expect(blinding.active).toBe(false)
    blinding.enterFilm()
    expect(blinding.hides.model).toBe(true)
    blinding.lift()
    expect(blinding.active).toBe(false)
  })
})

describe('what a blinded reader is given of a film', () => {
  it('leaves nothing of another reader anywhere, and keeps the reader’s own', () => {
    const seen = blindDetail(film('Lee'), { ...NOTHING, others: true, model: true }, viewer)
    expect(JSON.stringify(seen)).not.toMatch(/Lee|ground glass|TTN|RDS\/|0\.9|"b".*pneumothorax.*"c"/)
    expect(seen.row).toMatchObject({ tags: [], taggedBy: null })
    expect(seen.series.map(({ label }) => label)).toEqual([null, null, 'RDS'])
    expect(blindDetail(film('Kim'), { ...NOTHING, others: true }, viewer).label?.comment).toBe('ground glass')
  })

  it('hides the reader’s earlier answer in a hidden repeat, until this reading is saved', () => {
    const hides = { ...NOTHING, own: true, others: true }
    expect(blindDetail(film('Kim'), hides, viewer).label).toBeNull()
    const after = blindDetail(film('Kim'), hides, { ...viewer, answered: true })
    expect(after.label?.diagnosis).toBe('RDS')
    expect(after.series[2]!.label).toBeNull()
    expect(after.row.tags).toEqual([])
    const tagged = blindDetail(film('Kim'), hides, { ...viewer, tagged: true })
    expect(tagged.row.tags).toEqual(['pneumothorax:left'])
    expect(tagged.series.map(({ tags }) => tags.length)).toEqual([1, 0, 0])
  })

  it('hides GA, BW, sex and what was found of them', () => {
    const { row: shown } = blindDetail(film('Kim'), { ...NOTHING, context: true }, viewer)
    expect(shown).toMatchObject({ gaDays: null, bwGrams: null, sex: null, contextState: 'ok' })
  })

  it('is the film itself where nothing is hidden', () => {
    const whole = film('Lee')
    expect(blindDetail(whole, NOTHING, viewer)).toBe(whole)
  })

  it('loses the order that would tell', () => {
    const query = {
      filter: { text: '', facets: {} },
      sort: { key: 'confidence', direction: 'descending' }
    } as const
    expect(blindQuery(query, { ...NOTHING, model: true }).sort.key).toBe('patientKey')
    expect(blindQuery(query, { ...NOTHING, context: true })).toBe(query)
  })
})

describe('the history that a blinded reader sees', () => {
  const entry = (seq: number, reader: string, oldReader: string | null): Revision =>
    ({
      seq,
      reader,
      kind: 'label',
      old: oldReader && { diagnosis: 'TTN', reader: oldReader },
      new: { diagnosis: 'RDS', reader }
    }) as Revision

  it('has neither entries of others nor what they had said before', () => {
    const shown = blindRevisions(
      [entry(2, 'Kim', 'Lee'), entry(1, 'Lee', null)],
      { ...NOTHING, others: true },
      viewer
    )
    expect(shown).toHaveLength(1)
    expect(JSON.stringify(shown)).not.toMatch(/Lee|TTN/)
  })

  it('has no findings that others noted', () => {
    const tags = (seq: number, reader: string, before: string | null) =>
      ({
        seq,
        reader,
        kind: 'tags',
        old: { tags: before ? ['pneumonia'] : [], reader: before },
        new: { tags: ['ett:absent'], reader }
      }) as Revision
    const shown = blindRevisions(
      [tags(2, 'Kim', 'Lee'), tags(1, 'Lee', null)],
      { ...NOTHING, others: true },
      viewer
    )
    expect(shown).toMatchObject([{ seq: 2, old: null, new: { tags: ['ett:absent'] } }])
    const own = { ...NOTHING, own: true }
    expect(blindRevisions([tags(2, 'Kim', 'Kim')], own, viewer)).toEqual([])
    expect(blindRevisions([tags(2, 'Kim', 'Kim')], own, { ...viewer, tagged: true })).toHaveLength(1)
  })

  it('has of the reader’s own only the reading just saved', () => {
    const both = [entry(2, 'Kim', 'Kim'), entry(1, 'Kim', null)]
    const hides = { ...NOTHING, own: true }
    expect(blindRevisions(both, hides, viewer)).toEqual([])
    const [shown, ...rest] = blindRevisions(both, hides, { ...viewer, answered: true })
    expect(rest).toEqual([])
    expect(shown).toMatchObject({ seq: 2, old: null })
  })
})
