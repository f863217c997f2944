import { describe, expect, it } from 'vitest'
import type { StudyColumn } from '../../contract'
import { clampWidth, COLUMN_WIDTHS, inOrder, moved, resized } from './study-columns'

const keys = (columns: StudyColumn[]) => columns.map(({ key }) => key)

describe('columns of the Studies table', () => {
  it('come in their own order, the rarer ones hidden', () => {
    const columns = inOrder(null)
    expect(keys(columns)).toEqual(Object.keys(COLUMN_WIDTHS))
    expect(columns.filter(({ shown }) => !shown).map(({ key }) => key)).toEqual([
      'labelledBy',
      'splitSide',
      'tags'
    ])
  })

  it('keep what was saved, and add what a newer version knows', () => {
    const saved: StudyColumn[] = [
      { key: 'label', shown: true, width: 3 },
      { key: 'path', shown: false, width: 400 },
      { key: 'label', shown: false, width: 90 }
    ]
    const columns = inOrder(saved)
    expect(keys(columns).slice(0, 3)).toEqual(['label', 'path', 'film'])
    expect(columns[0]!.width).toBe(COLUMN_WIDTHS.label.least)
    expect(columns).toHaveLength(Object.keys(COLUMN_WIDTHS).length)
  })

  it('are never narrower than their values can be read in', () => {
    expect(clampWidth('gaDays', -5)).toBe(COLUMN_WIDTHS.gaDays.least)
    expect(resized(inOrder(null), 'path', 99_999).find(({ key }) => key === 'path')!.width).toBe(1200)
  })

  it('move over the next shown one, and stay at the end', () => {
    const columns = inOrder([
      { key: 'label', shown: true, width: 100 },
      { key: 'site', shown: false, width: 100 },
      { key: 'sex', shown: true, width: 40 }
    ])
    expect(keys(moved(columns, 'label', 1)).slice(0, 3)).toEqual(['site', 'sex', 'label'])
    expect(keys(moved(columns, 'label', -1))).toEqual(keys(columns))
  })
})
