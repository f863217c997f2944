import { describe, expect, it } from 'vitest'
import { facetKey, sortKey, tableField } from '../../contract'
import { FACET_KEYS, SORT_KEYS } from '../study-store'
import { TABLE_FIELDS } from '../tables'

/** The core may not import the contract, so that some lists stand in both; they must say the same in the same order. */
describe('lists of the contract and of the core', () => {
  it.each([
    ['fields of a table', tableField.options, TABLE_FIELDS],
    ['sort keys of Studies', sortKey.options, SORT_KEYS],
    ['facets of Studies', facetKey.options, FACET_KEYS]
  ])('agree: %s', (_, inContract, inCore) => {
    expect([...inCore]).toEqual([...inContract])
  })
})
