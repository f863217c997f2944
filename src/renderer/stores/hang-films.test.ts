import { describe, expect, it } from 'vitest'
import type { FilmRow } from '../../contract'
import { filmsBeside, hoursBetween, priorOf } from './hang-films'

const film = (id: string, ageHours: number | null, filmTime: string | null = null) =>
  ({ id, ageHours, filmTime }) as FilmRow
const series = [film('a', 2), film('b', 8), film('c', 30), film('d', 200)]

describe('films beside the one being read', () => {
  it('knows hours between two films by age, else by the films’ own times', () => {
    expect(hoursBetween(series[2]!, series[0]!)).toBe(-28)
    expect(hoursBetween(film('x', null, '2024-03-01T07:00'), film('y', 5, '2024-03-01T19:30'))).toBe(12.5)
    expect(hoursBetween(film('x', null, '2024-03-01T07:00'), film('y', 5))).toBeNull()
  })

  it('takes the nearest earlier film as the prior, whatever the order of the series', () => {
    expect(priorOf([...series].reverse(), 'c')).toBe(series[1])
    expect(priorOf(series, 'a')).toBe('none')
    expect(priorOf([series[0]!], 'a')).toBe('none')
  })

  it('says when no order can be known', () => {
    expect(priorOf([film('a', null), film('b', null)], 'a')).toBe('unknown')
  })

  it('hangs the prior beside, never a later film in its place', () => {
    expect(filmsBeside(series, 'c', [null])).toEqual(['b'])
    expect(filmsBeside(series, 'a', [null])).toEqual([null])
  })

  it('fills four panes with priors from the nearest back, then with what follows', () => {
    expect(filmsBeside(series, 'c', [null, null, null])).toEqual(['b', 'a', 'd'])
    expect(filmsBeside(series.slice(0, 2), 'a', [null, null, null])).toEqual(['b', null, null])
  })

  it('keeps what the reader chose, and shows no film twice', () => {
    expect(filmsBeside(series, 'c', ['d', null, null])).toEqual(['d', 'b', 'a'])
    expect(filmsBeside(series, 'c', ['another infant', null, 'b'])).toEqual(['a', 'd', 'b'])
    expect(filmsBeside(series, 'c', ['c'])).toEqual(['b'])
  })

  it('does not hang a film whose time cannot be compared', () => {
    expect(filmsBeside([...series, film('e', null)], 'a', [null, null, null])).toEqual(['b', 'c', 'd'])
    expect(filmsBeside([film('a', 2), film('e', null)], 'a', [null, null, null])).toEqual([null, null, null])
  })
})
