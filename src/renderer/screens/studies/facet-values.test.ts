import { describe, expect, it } from 'vitest'
import { bandRange, facetValueKey, inFacetOrder } from './facet-values'

const values = (list: string[]) => list.map(value => ({ value, count: 1 }))

describe('facet values', () => {
  it('puts bands in order of size and unknown last', () => {
    const shuffled = values(['unknown', '>=37', '<28', '34-36', '28-31', '32-33'])
    expect(inFacetOrder('gaBand', shuffled).map(each => each.value)).toEqual([
      '<28',
      '28-31',
      '32-33',
      '34-36',
      '>=37',
      'unknown'
    ])
    const weights = values(['>=4000', 'unknown', '1500-2499', '<1000', '2500-3999', '1000-1499'])
    expect(inFacetOrder('bwBand', weights).map(each => each.value)).toEqual([
      '<1000',
      '1000-1499',
      '1500-2499',
      '2500-3999',
      '>=4000',
      'unknown'
    ])
  })

  it('lists findings as they are noted, misplaced devices first, and none last', () => {
    const order = (facet: 'finding' | 'device', list: string[]) =>
      inFacetOrder(facet, values(list)).map(({ value }) => value)
    expect(order('finding', ['none', 'skin-fold', 'pneumothorax'])).toEqual([
      'pneumothorax',
      'skin-fold',
      'none'
    ])
    expect(order('device', ['none', 'uvc:absent', 'ett:too-low', 'misplaced'])).toEqual([
      'misplaced',
      'ett:too-low',
      'uvc:absent',
      'none'
    ])
  })

  it('keeps the order of counts for sites', () => {
    const sites = values(['B', 'A', 'C'])
    expect(inFacetOrder('site', sites)).toEqual(sites)
  })

  it('shows data as it is and everything else in the language', () => {
    expect(facetValueKey('site', 'none')).toBeNull()
    expect(facetValueKey('viewPosition', 'AP')).toBeNull()
    expect(facetValueKey('label', 'RDS')).toBe('diagnosis.RDS.short')
    expect(facetValueKey('label', 'unlabelled')).toBe('studies.value.unlabelled')
    expect(facetValueKey('certainty', 'unsure')).toBe('certainty.unsure')
    expect(facetValueKey('certainty', 'none')).toBe('studies.value.unlabelled')
  })

  it('prints bands with proper signs', () => {
    expect(['<28', '28-31', '>=37'].map(bandRange)).toEqual(['< 28', '28–31', '≥ 37'])
  })
})
