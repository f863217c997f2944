import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readModelFolder } from './model-folder'
import { describeWarning, promotionWarnings } from './promotion-gate'
import { trainedCard, trainingRecord } from '../../../test/support/trained-card'

const { card } = await readModelFolder(
  fileURLToPath(new URL('../../../resources/demo-model', import.meta.url))
)
const untrained = { ...card, trained: false, training: undefined }
const trained = (macroF1: number, films = 60, split = 'c'.repeat(64)) =>
  trainedCard(
    card,
    trainingRecord({ split: { id: 's1', name: 'By infant', manifestHash: split } }, macroF1, films)
  )

describe('promotion gate', () => {
  it('lets a better or equal model of the same validation films pass, and the first validated one', () => {
    expect(promotionWarnings(trained(0.6), trained(0.7))).toEqual([])
    expect(promotionWarnings(trained(0.6), trained(0.6))).toEqual([])
    expect(promotionWarnings(untrained, trained(0.2))).toEqual([])
    expect(promotionWarnings(null, trained(0.2))).toEqual([])
  })

  it('warns of a worse one, of other films, of no result and of no training', () => {
    expect(promotionWarnings(trained(0.7), trained(0.6))).toEqual([
      { kind: 'lower-macro-f1', current: 0.7, next: 0.6 }
    ])
    const other = [{ kind: 'different-validation', current: 60, next: 80 }]
    expect(promotionWarnings(trained(0.6), trained(0.7, 80))).toEqual(other)
    expect(promotionWarnings(trained(0.6), trained(0.7, 60, 'd'.repeat(64)))).toEqual([
      { kind: 'different-validation', current: 60, next: 60 }
    ])
    expect(promotionWarnings(trained(0.6), { ...untrained, trained: true })).toEqual([
      { kind: 'not-validated' }
    ])
    expect(promotionWarnings(trained(0.6), untrained)).toEqual([{ kind: 'untrained' }])
  })

  it('takes two models without a split for validated on different films', () => {
    const alone = (macroF1: number) => trainedCard(card, trainingRecord({ split: null }, macroF1))
    expect(promotionWarnings(alone(0.6), alone(0.7))).toMatchObject([{ kind: 'different-validation' }])
  })

  it('says both numbers in a sentence', () => {
    const [warning] = promotionWarnings(trained(0.7), trained(0.6))
    expect(describeWarning(warning!)).toMatch(/macro F1, 0\.6000, .* 0\.7000/)
  })
})
