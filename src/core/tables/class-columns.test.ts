import { describe, expect, it } from 'vitest'
import { findClassColumns } from './class-columns'
import type { TableMapping } from './mapping'
import { readRow } from './read-row'

const column = (name: string, ...sample: string[]) => ({
  name,
  sample,
  examples: sample,
  distinct: new Set(sample)
})

const mapping: TableMapping = {
  columns: { imageKey: 'file', labelRDS: 'rds', labelTTN: 'ttn', labelBPD: 'bpdyn' },
  imageKeyKind: 'name',
  gaUnit: 'days',
  bwUnit: 'g',
  labels: {},
  sexes: {},
  defaultSite: null
}
const read = (cells: Record<string, string>) =>
  readRow({ line: 2, cells: new Map(Object.entries({ file: 'a.png', ...cells })), problem: null }, mapping)

describe('a yes-or-no column per class', () => {
  it('gives the class that is marked, or none', () => {
    expect(read({ rds: '0', ttn: '1', bpdyn: '' })).toMatchObject({ label: 'TTN', problems: [] })
    expect(read({ rds: '예', ttn: '아니오' }).label).toBe('RDS')
    expect(read({ rds: '0', ttn: '0', bpdyn: 'no' })).toMatchObject({ label: null, problems: [] })
  })

  it('refuses several marks and what is neither yes nor no, and keeps the row', () => {
    expect(read({ rds: '1', ttn: '0', bpdyn: 'Y' })).toMatchObject({
      usable: true,
      label: null,
      problems: [{ reason: 'label-several', field: 'bpdyn, rds' }]
    })
    expect(read({ rds: 'x' }).problems).toMatchObject([{ reason: 'label-unknown', field: 'rds' }])
  })

  it('gives way to a single label column', () => {
    const both = { ...mapping, columns: { ...mapping.columns, label: 'dx' }, labels: { rds: 'RDS' as const } }
    const row = readRow(
      {
        line: 2,
        cells: new Map([
          ['file', 'a'],
          ['dx', 'RDS'],
          ['ttn', '1']
        ]),
        problem: null
      },
      both
    )
    expect(row.label).toBe('RDS')
  })

  it('is found by the names of classes over yes and no', () => {
    const found = findClassColumns([
      column('rds', '0', '1'),
      column('als', '0'),
      column('bpdyn', '1'),
      column('ttn', 'mild', 'severe'),
      column('sft', '1')
    ])
    expect(found).toEqual({ labelRDS: 'rds', labelALS: 'als', labelBPD: 'bpdyn' })
    expect(findClassColumns([column('rds', '0', '1'), column('sex', '0', '1')])).toEqual({})
  })
})
