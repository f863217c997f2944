import { describe, expect, it } from 'vitest'
import { chooseRehearsal, type RehearsalCandidate } from './rehearsal'

const films = (label: string, site: string, gaDays: number | null, count: number): RehearsalCandidate[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${label}-${site}-${gaDays}-${i}`, label, site, gaDays }))

const candidates = [
  ...films('RDS', 'a', 200, 500),
  ...films('TTN', 'a', 250, 20),
  ...films('TTN', 'b', null, 5)
]

describe('rehearsal', () => {
  it('takes from every class, GA band and site as evenly as there are films', () => {
    const chosen = chooseRehearsal(candidates, 60, 1)
    const from = (prefix: string) => chosen.filter(id => id.startsWith(prefix)).length
    expect(new Set(chosen).size).toBe(60)
    expect([from('TTN-b'), from('TTN-a'), from('RDS-a')]).toEqual([5, 20, 35])
    expect(chooseRehearsal(candidates, 9, 1).filter(id => id.startsWith('RDS'))).toHaveLength(3)
  })

  it('depends on the seed, not on the order of the films', () => {
    expect(chooseRehearsal([...candidates].reverse(), 30, 4)).toEqual(chooseRehearsal(candidates, 30, 4))
    expect(chooseRehearsal(candidates, 30, 5)).not.toEqual(chooseRehearsal(candidates, 30, 4))
  })

  it('gives all there are where more are wanted', () => {
    expect(chooseRehearsal(candidates, 1e6, 1)).toHaveLength(525)
    expect(chooseRehearsal([], 10, 1)).toEqual([])
  })
})
