import { expect, it } from 'vitest'
import { PAPER_TABLE_1, paperMacroF1, paperRow } from './paper-tables'

it('a small variant stands beside its method; what is not the paper’s stands alone', () => {
  expect(paperRow('ccgn-small')).toBe(PAPER_TABLE_1.at(-1))
  expect(paperRow('ccgn-film')).toBeNull()
})

it('the mean of CCGN’s column is not the F1 that Table 1 says', () => {
  expect(paperMacroF1('ccgn')).toBeCloseTo(0.8804, 4)
  expect(paperRow('ccgn')!.f1).toBe(0.8728)
  expect(paperMacroF1('swin-t')).toBeNull()
})
