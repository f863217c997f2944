import { describe, expect, it } from 'vitest'
import {
  CLASS_FIGURES,
  DIAGNOSES,
  facetKey,
  OVERALL_FIGURES,
  queueKind,
  sortKey,
  tableField
} from '../../contract'
import * as domain from '../domain'
import * as figures from '../ml/evaluation'
import { QUEUE_KINDS } from '../review-queue'
import { FACET_KEYS, SORT_KEYS } from '../study-store'
import { TABLE_FIELDS } from '../tables'

/** The core may not import the contract, so that some lists stand in both; they must say the same in the same order. */
describe('lists of the contract and of the core', () => {
  it.each([
    ['fields of a table', tableField.options, TABLE_FIELDS],
    ['sort keys of Studies', sortKey.options, SORT_KEYS],
    ['facets of Studies', facetKey.options, FACET_KEYS],
    ['queues', queueKind.options, QUEUE_KINDS],
    ['classes', DIAGNOSES, domain.DIAGNOSES],
    ['figures of a class', CLASS_FIGURES, figures.CLASS_FIGURES]
  ])('agree: %s', (_, inContract, inCore) => {
    expect([...inCore]).toEqual([...inContract])
  })

  it('have the same summary figures, whose order each keeps for itself', () => {
    expect([...figures.OVERALL].sort()).toEqual([...OVERALL_FIGURES].sort())
  })
})
