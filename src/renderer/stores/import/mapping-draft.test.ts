import { describe, expect, it } from 'vitest'
import type { Mapping, TableInspection } from '../../../contract'
import {
  bindColumn,
  fitProfile,
  foldValue,
  labelMeanings,
  mappingProblems,
  openQuestions,
  setLabelMeaning,
  sexMeanings
} from './mapping-draft'

const mapping: Mapping = {
  columns: { imageKey: 'file', label: 'dx', gaWeeks: 'gaw', gaExtraDays: 'gawd', sex: 'sex' },
  imageKeyKind: 'name',
  gaUnit: 'weeks+days',
  bwUnit: 'g',
  labels: { rds: 'RDS' },
  sexes: { m: 'M' },
  defaultSite: null
}

const inspection: TableInspection = {
  path: '/study/table.csv',
  format: 'csv',
  encoding: 'utf-8',
  delimiter: ',',
  rowCount: 4,
  columns: [
    { name: 'file', examples: ['a.dcm'], distinct: 4 },
    { name: 'dx', examples: ['RDS', 'Wet  lung'], distinct: 3 },
    { name: 'gaw', examples: ['29'], distinct: 3 },
    { name: 'gawd', examples: ['3'], distinct: 3 },
    { name: 'ga', examples: ['29+3'], distinct: 3 },
    { name: 'sex', examples: ['M', 'X'], distinct: 2 }
  ],
  suggested: mapping,
  questions: [{ field: 'label', reason: 'value-unknown', detail: 'CHD' }]
}

describe('bindColumn', () => {
  it('takes a column from the field that had it', () => {
    const next = bindColumn(mapping, 'site', 'dx')
    expect(next.columns.site).toBe('dx')
    expect(next.columns.label).toBeUndefined()
  })

  it('reads GA one way at a time', () => {
    const whole = bindColumn(mapping, 'ga', 'ga')
    expect(whole.columns).toMatchObject({ ga: 'ga' })
    expect(whole.columns).not.toHaveProperty('gaWeeks')
    expect(whole.columns).not.toHaveProperty('gaExtraDays')
    expect(bindColumn(whole, 'gaWeeks', 'gaw').columns).not.toHaveProperty('ga')
  })

  it('unbinds with null and leaves the rest, and the given mapping, alone', () => {
    const next = bindColumn(mapping, 'label', null)
    expect(Object.keys(next.columns).sort()).toEqual(['gaExtraDays', 'gaWeeks', 'imageKey', 'sex'])
    expect(mapping.columns.label).toBe('dx')
  })
})

describe('label values', () => {
  it('lists examples, suggested values and unknown ones once, unmapped first', () => {
    expect(labelMeanings(mapping, inspection)).toEqual([
      { value: 'CHD', meaning: null },
      { value: 'Wet  lung', meaning: null },
      { value: 'RDS', meaning: 'RDS' }
    ])
  })

  it('keys meanings by the folded value, so that spelling and spaces do not count', () => {
    const next = setLabelMeaning(mapping, ' WET   Lung', 'TTN')
    expect(next.labels).toEqual({ rds: 'RDS', 'wet lung': 'TTN' })
    expect(labelMeanings(next, inspection).find(each => each.value === 'Wet  lung')?.meaning).toBe('TTN')
    expect(setLabelMeaning(next, 'Wet lung', null).labels).toEqual({ rds: 'RDS' })
  })

  it('composes Hangul before comparing', () => {
    expect(foldValue('정상'.normalize('NFD'))).toBe('정상')
  })

  it('does not offer the suggested column’s unknown values for another column', () => {
    const other = bindColumn(mapping, 'label', 'gaw')
    expect(labelMeanings(other, inspection).map(each => each.value)).not.toContain('CHD')
  })

  it('shows sexes without a meaning', () => {
    expect(sexMeanings(mapping, inspection)).toEqual([
      { value: 'X', meaning: null },
      { value: 'M', meaning: 'M' }
    ])
  })
})

describe('mappingProblems', () => {
  it('blocks only where no row can be tied to a film', () => {
    const keyless = bindColumn(mapping, 'imageKey', null)
    expect(mappingProblems(keyless, inspection).filter(each => each.blocks)).toEqual([
      { kind: 'no-key', blocks: true, count: 0 }
    ])
    expect(mappingProblems(mapping, inspection).some(each => each.blocks)).toBe(false)
  })

  it('counts values without a meaning', () => {
    expect(mappingProblems(mapping, inspection)).toEqual([
      { kind: 'labels-without-class', blocks: false, count: 2 },
      { kind: 'sexes-without-meaning', blocks: false, count: 1 }
    ])
  })
})

describe('fitProfile', () => {
  it('keeps what the table has and names what it lacks', () => {
    const profile = bindColumn(mapping, 'bw', 'birth_weight')
    const fitted = fitProfile(profile, inspection)
    expect(fitted.missing).toEqual(['birth_weight'])
    expect(fitted.mapping.columns).toEqual(mapping.columns)
  })
})

describe('openQuestions', () => {
  const asking: TableInspection = {
    ...inspection,
    questions: [
      { field: 'sex', reason: 'several-columns', detail: 'sex, gender' },
      { field: 'label', reason: 'value-unknown', detail: 'CHD' },
      { field: 'label', reason: 'value-unknown', detail: 'Wet  lung' }
    ]
  }
  const about = (given: Mapping, reason: string) =>
    openQuestions(given, asking).filter(question => question.reason === reason)

  it('asks for a column until the field has one, for GA in either form', () => {
    expect(about(mapping, 'no-column').map(({ field }) => field)).toEqual(['bw'])
    const unbound = bindColumn(bindColumn(mapping, 'gaWeeks', null), 'label', null)
    expect(about(unbound, 'no-column').map(({ field }) => field)).toEqual(['ga', 'bw', 'label'])
    const perClass = bindColumn(unbound, 'labelRDS', 'rds')
    expect(about(perClass, 'no-column').map(({ field }) => field)).toEqual(['ga', 'bw'])
    expect(bindColumn(perClass, 'label', 'dx').columns).not.toHaveProperty('labelRDS')
  })

  it('doubts a suggested column until another is chosen', () => {
    expect(about(mapping, 'several-columns')).toHaveLength(1)
    expect(about(bindColumn(mapping, 'sex', 'ga'), 'several-columns')).toEqual([])
  })

  it('asks once for all values without a meaning, and no more for those that have got one', () => {
    const label = (given: Mapping) => about(given, 'value-unknown').find(({ field }) => field === 'label')
    expect(label(mapping)?.detail).toBe('CHD, Wet  lung')
    expect(label(setLabelMeaning(mapping, 'CHD', 'Normal'))?.detail).toBe('Wet  lung')
  })
})
