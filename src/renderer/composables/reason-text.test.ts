import { mount } from '@vue/test-utils'
import { createI18n } from 'vue-i18n'
import { describe, expect, it } from 'vitest'
import en from '../locales/en'
import ko from '../locales/ko'
import { queueReason, type QueueReason } from '../../contract'
import { useReasonText } from './reason-text'

const REASONS: QueueReason[] = [
  { kind: 'unlabelled' },
  { kind: 'ttn-rds-readers', readings: 3 },
  { kind: 'ttn-rds-model', label: 'TTN', predicted: 'RDS', probability: 0.81 },
  { kind: 'ttn-rds-course', label: 'TTN', otherLabel: 'RDS', otherFilmId: 'a'.repeat(26), hoursApart: -6 },
  {
    kind: 'label-suspect',
    label: 'Normal',
    labelProbability: 0.02,
    suggested: 'BPD',
    suggestedProbability: 0.93,
    crossEntropy: 3.9,
    entropy: 0.3
  },
  { kind: 'implausible-context', state: 'confirm', zScore: -4.21, findings: ['swapped-digits'] },
  {
    kind: 'context-dependent',
    predicted: 'BPD',
    probability: 0.6,
    predictedAtMean: 'Normal',
    probabilityAtMean: 0.5
  },
  { kind: 'random' },
  { kind: 'repeat', readAt: '2026-01-02T03:04:05.000Z' },
  { kind: 'adjudication', readings: 2, classes: ['RDS', 'TTN'] },
  { kind: 'margin', first: 'RDS', second: 'TTN', margin: 0.03 },
  { kind: 'entropy', entropy: 0.77 },
  { kind: 'core-set', distance: 0.5 }
]

function sentences(locale: 'en' | 'ko'): string[] {
  let made: string[] = []
  mount(
    {
      setup: () => {
        made = REASONS.map(useReasonText())
        return () => null
      }
    },
    {
      global: {
        plugins: [createI18n({ legacy: false, locale, messages: { en, ko } as never, missing: missed })]
      }
    }
  )
  return made
}

function missed(locale: string, key: string): string {
  throw new Error(`No ${locale} string ${key}`)
}

describe('why a film is in a queue', () => {
  it('has a sentence for every reason of the contract', () => {
    expect(REASONS.map(({ kind }) => kind).sort()).toEqual(
      queueReason.options.map(option => option.shape.kind.value).sort()
    )
  })

  it.each(['en', 'ko'] as const)('is said with all its particulars in %s', locale => {
    for (const sentence of sentences(locale)) expect(sentence).not.toMatch(/[{}]|undefined|NaN/)
  })

  it('says what a radiologist needs to know', () => {
    const made = sentences('en')
    expect(made[2]).toBe('Labelled TTN; the model says RDS (81%).')
    expect(made[3]).toContain('another film of the infant 6 h away')
    expect(made[5]).toContain('z-score of BW −4.2')
  })
})
