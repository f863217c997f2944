import { describe, expect, it } from 'vitest'
import { readHyperparameter, readOption, writeHyperparameter } from './written-numbers'

describe('numbers as written', () => {
  it.each([
    ['learningRate', '1e-4', 1e-4],
    ['learningRate', ' 0,001 ', 0.001],
    ['epochs', '100', 100],
    ['patience', '', null],
    ['clipNorm', '', null],
    ['batch', '', null],
    ['weightDecay', '0', 0],
    ['cosine', false, false],
    ['optimizer', 'adamw', 'adamw']
  ] as const)('%s "%s" is read', (key, written, value) =>
    expect(readHyperparameter(key, written)).toBe(value)
  )

  it.each([
    ['learningRate', '0'],
    ['learningRate', 'fast'],
    ['learningRate', ''],
    ['epochs', '1.5'],
    ['epochs', '0'],
    ['patience', '0'],
    ['labelSmoothing', '1'],
    ['distillation', '-0.1'],
    ['optimizer', 'sgd'],
    ['cosine', 'yes']
  ] as const)('%s "%s" is not allowed', (key, written) =>
    expect(readHyperparameter(key, written)).toBeUndefined()
  )

  it('come back as they were', () => {
    for (const value of [1e-7, 0.0001, 100, null]) {
      expect(readHyperparameter('clipNorm', writeHyperparameter(value ?? null))).toBe(value)
    }
  })

  it('read options, with their defaults for empty fields', () => {
    expect([readOption('seed', ''), readOption('size', ''), readOption('rehearsal', '')]).toEqual([
      0,
      null,
      null
    ])
    expect([readOption('seed', '42'), readOption('size', '224'), readOption('rehearsal', '0')]).toEqual([
      42, 224, 0
    ])
    expect([readOption('seed', '-1'), readOption('size', '16'), readOption('rehearsal', 'x')]).toEqual([
      undefined,
      undefined,
      undefined
    ])
  })
})
