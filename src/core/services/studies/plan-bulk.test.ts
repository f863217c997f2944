import { describe, expect, it } from 'vitest'
import type { BulkAction } from '../../../contract'
import type { FilmRow } from '../../study-store'
import { planBulk } from './plan-bulk'

const film = (id: string, changes: Partial<FilmRow> = {}): FilmRow => ({
  id,
  patientId: 'p',
  patientKey: 'P',
  site: 'Seoul',
  path: `${id}.dcm`,
  filmTime: null,
  ageHours: null,
  viewPosition: null,
  sex: null,
  gaDays: 210,
  bwGrams: 1300,
  contextState: 'ok',
  label: null,
  certainty: null,
  labelledBy: null,
  labelSource: null,
  tags: [],
  taggedBy: null,
  predicted: null,
  confidence: null,
  splitSide: null,
  filmNumber: 1,
  filmCount: 1,
  missing: false,
  ...changes
})
const plan = (rows: FilmRow[], action: BulkAction) => planBulk(rows, action)

describe('a bulk action', () => {
  const films = [
    film('a', { label: 'RDS', certainty: 'sure' }),
    film('b', { label: 'TTN', certainty: 'unsure' }),
    film('c')
  ]

  it('sets a label where it is another one, sure', () => {
    const { change, summary } = plan(films, { kind: 'label', diagnosis: 'TTN' })
    const value = { diagnosis: 'TTN', certainty: 'sure' }
    expect(change.labels).toEqual([
      { filmId: 'a', value },
      { filmId: 'c', value }
    ])
    expect(summary).toMatchObject({ films: 3, infants: 1, changes: 2, left: [{ reason: 'same', count: 1 }] })
    expect(summary.changing[0]).toMatchObject({ old: { diagnosis: 'RDS' }, new: value })
    expect(summary.leaving[0]).toMatchObject({ filmId: 'b', left: 'same', new: null })
  })

  it('takes labels away and changes certainty only where there is a label', () => {
    expect(plan(films, { kind: 'label-remove' })).toMatchObject({
      change: {
        labels: [
          { filmId: 'a', value: null },
          { filmId: 'b', value: null }
        ]
      },
      summary: { left: [{ reason: 'unlabelled', count: 1 }] }
    })
    expect(plan(films, { kind: 'certainty', certainty: 'unsure' })).toMatchObject({
      change: { labels: [{ filmId: 'a', value: { diagnosis: 'RDS', certainty: 'unsure' } }] },
      summary: {
        left: [
          { reason: 'same', count: 1 },
          { reason: 'unlabelled', count: 1 }
        ]
      }
    })
  })

  it('corrects each infant once, and counts its films that were not chosen', () => {
    const rows = [
      film('a', { patientId: 'p1', filmCount: 3, bwGrams: 320, gaDays: 280 }),
      film('b', { patientId: 'p1', filmCount: 3, bwGrams: 320, gaDays: 280 }),
      film('c', { patientId: 'p2', bwGrams: 1300 }),
      film('d', { patientId: 'p3', bwGrams: null })
    ]
    const { change, summary } = plan(rows, { kind: 'bw-factor', factor: 10 })
    expect(change.contexts).toEqual([{ patientId: 'p1', value: { gaDays: 280, bwGrams: 3200, sex: null } }])
    expect(summary).toMatchObject({
      films: 4,
      infants: 3,
      changes: 1,
      otherFilms: 1,
      doubtful: 0,
      left: [
        { reason: 'out-of-range', count: 1 },
        { reason: 'no-bw', count: 1 }
      ]
    })
    expect(summary.changing[0]!.state).toBe('ok')
  })

  it('says how many infants would then be doubtful', () => {
    const { summary } = plan([film('a', { gaDays: 210, bwGrams: 600 })], { kind: 'bw-factor', factor: 10 })
    expect(summary).toMatchObject({ changes: 1, doubtful: 1, changing: [{ state: 'blocked' }] })
  })

  it('shifts GA within its range, and takes what the check suggests', () => {
    expect(plan([film('a')], { kind: 'ga-shift', days: 7 }).change.contexts[0]!.value.gaDays).toBe(217)
    expect(plan([film('a')], { kind: 'ga-shift', days: -70 }).summary.left[0]!.reason).toBe('out-of-range')
    const swapped = plan([film('a', { gaDays: 210, bwGrams: 3100 })], { kind: 'suggested' })
    expect(swapped.change.contexts[0]!.value.bwGrams).toBe(1300)
    expect(plan([film('a')], { kind: 'suggested' }).summary.left).toEqual([
      { reason: 'no-suggestion', count: 1 }
    ])
  })

  it('clears values and sets the sex', () => {
    expect(plan([film('a')], { kind: 'bw-clear' }).change.contexts[0]!.value.bwGrams).toBeNull()
    expect(plan([film('a', { gaDays: null })], { kind: 'ga-clear' }).summary.left[0]!.reason).toBe('no-ga')
    expect(plan([film('a')], { kind: 'sex', sex: 'F' }).change.contexts[0]!.value.sex).toBe('F')
    expect(plan([film('a', { sex: 'F' })], { kind: 'sex', sex: 'F' }).summary.changes).toBe(0)
  })

  it('shows the first hundred of each kind and counts all', () => {
    const rows = Array.from({ length: 250 }, (_, i) => film(`f${i}`, { patientId: `p${i}` }))
    const { summary } = plan(rows, { kind: 'label', diagnosis: 'BPD' })
    expect(summary).toMatchObject({ changes: 250, infants: 250 })
    expect(summary.changing).toHaveLength(100)
  })
})
