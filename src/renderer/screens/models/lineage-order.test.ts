import { describe, expect, it } from 'vitest'
import type { ModelInfo } from '../../../contract'
import { lineageOrder } from './lineage-order'

const model = (id: string, parent: string | null) =>
  ({ id, hash: id, training: parent === null ? null : { parent } }) as ModelInfo

const order = (...models: ModelInfo[]) =>
  lineageOrder(models).map(({ model: { id }, depth, parent }) => [id, depth, parent?.id ?? null])

describe('lineage order', () => {
  it('puts children below their parent, siblings in the order given', () => {
    expect(
      order(model('a', null), model('b', 'a'), model('x', null), model('c', 'a'), model('d', 'b'))
    ).toEqual([
      ['a', 0, null],
      ['b', 1, 'a'],
      ['d', 2, 'b'],
      ['c', 1, 'a'],
      ['x', 0, null]
    ])
  })

  it('shows every version once, also where the parent is not there or the cards go in a circle', () => {
    expect(order(model('b', 'gone'))).toEqual([['b', 0, null]])
    expect(order(model('a', 'b'), model('b', 'a'))).toEqual([
      ['a', 0, null],
      ['b', 1, 'a']
    ])
  })
})
