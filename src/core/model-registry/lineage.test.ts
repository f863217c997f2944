import { describe, expect, it } from 'vitest'
import { ancestry, kinship, type Descendant } from './lineage'

const model = (hash: string, parent: string | null): Descendant => ({ hash, card: { training: { parent } } })
const fresh: Descendant = { hash: 'fresh', card: {} }
const [first, second, sibling] = [model('1', 'fresh'), model('2', '1'), model('3', '1')]
const orphan = model('4', 'gone')
const all = [fresh, first, second, sibling, orphan]

describe('lineage', () => {
  it('goes back to the first model, or to a parent that is not there', () => {
    expect(ancestry(second, all)).toEqual(['2', '1', 'fresh'])
    expect(ancestry(orphan, all)).toEqual(['4', 'gone'])
  })

  it('ends at a circle', () => {
    const [a, b] = [model('a', 'b'), model('b', 'a')]
    expect(ancestry(a, [a, b])).toEqual(['a', 'b'])
  })

  it.each([
    [first, first, 'same', '1'],
    [second, fresh, 'a-from-b', 'fresh'],
    [fresh, second, 'b-from-a', 'fresh'],
    [second, sibling, 'common-ancestor', '1'],
    [second, orphan, 'unrelated', null],
    [orphan, model('5', 'gone'), 'common-ancestor', 'gone']
  ] as const)('says how %o and %o are related', (a, b, relation, ancestor) => {
    expect(kinship(a, b, all)).toEqual({ relation, ancestor })
  })
})
