import { describe, expect, it } from 'vitest'
import { isoDateTime } from './date-time'

describe('isoDateTime', () => {
  it.each([
    ['20230504', '130709.25', '2023-05-04T13:07:09.25'],
    ['20230504', '1307', '2023-05-04T13:07'],
    ['20230504', null, '2023-05-04'],
    ['2023.05.04', '13:07:09', '2023-05-04T13:07:09'],
    ['20240229', '000000', '2024-02-29T00:00:00'],
    ['20230504', '2507', '2023-05-04'],
    ['20230504', 'noon', '2023-05-04']
  ])('%s %s is %s', (date, time, iso) => {
    expect(isoDateTime(date, time)).toBe(iso)
  })

  it.each(['20230230', '20231301', '2023', '', 'unknown'])('%s is no date', date => {
    expect(isoDateTime(date, '1200')).toBeNull()
  })
})
