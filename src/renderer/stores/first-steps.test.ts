import { describe, expect, it } from 'vitest'
import type { Revision } from '../../contract'
import { answerChange, doneIn } from './first-steps'

const entry = (seq: number, change: Partial<Revision>): Revision => ({
  seq,
  at: '2026-01-01T00:00:00.000Z',
  reader: 'Kim',
  kind: 'label',
  subjectId: `film-${seq}`,
  old: null,
  new: { diagnosis: 'TTN' },
  reason: '',
  undoes: null,
  group: null,
  hash: '',
  ...change
})

describe('what was done of the first steps', () => {
  it('counts films, not presses of a key, and no imported labels', () => {
    const entries = [
      entry(5, { subjectId: 'a' }),
      entry(4, { subjectId: 'b' }),
      entry(3, { subjectId: 'a' }),
      entry(2, { reader: 'import: labels.csv' }),
      entry(1, { reader: 'import: labels.csv', kind: 'clinical-context' })
    ]
    expect(doneIn(entries)).toEqual({ read: 2, corrected: false })
  })

  it('does not count what was taken back', () => {
    const entries = [
      entry(4, { subjectId: 'a', new: null, undoes: 2 }),
      entry(3, { subjectId: 'infant', kind: 'clinical-context' }),
      entry(2, { subjectId: 'a' }),
      entry(1, { subjectId: 'b', new: null })
    ]
    expect(doneIn(entries)).toEqual({ read: 0, corrected: true })
  })
})

describe('a change of the answer', () => {
  const said = (gaDays: number, probabilities: number[]) => ({
    probabilities,
    context: { gaDays, bwGrams: 1500 }
  })

  it('names the class that moved most', () => {
    const change = answerChange(
      said(203, [0.1, 0.1, 0.1, 0.1, 0.5, 0.1]),
      said(254, [0.1, 0.1, 0.1, 0.2, 0.1, 0.4])
    )
    expect(change).toEqual({
      diagnosis: 'RDS',
      from: 0.5,
      to: 0.1,
      before: { gaDays: 203, bwGrams: 1500 },
      after: { gaDays: 254, bwGrams: 1500 }
    })
  })

  it('is none while the network is given the same', () => {
    expect(answerChange(said(203, [1, 0, 0, 0, 0, 0]), said(203, [0, 1, 0, 0, 0, 0]))).toBeNull()
  })
})
