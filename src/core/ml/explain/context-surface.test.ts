import { describe, expect, it } from 'vitest'
import type { ContextHead } from './context-head'
import { contextSurface, flipAlong, smallestFlip } from './context-surface'

const SCALE = { gaMeanDays: 230, gaSdDays: 20, bwMeanGrams: 2000, bwSdGrams: 500 }
const POOLED = Float32Array.of(1)

/** Two classes divided by a function of GA and BW that the test can follow by hand. */
function headOf(score: (gaDays: number, bwGrams: number) => number): ContextHead {
  return {
    channels: 1,
    classes: 2,
    gate: () => null,
    logits: (_, gaDays, bwGrams) => Float32Array.of(0, score(gaDays, bwGrams))
  }
}

const axis = (low: number, high: number, step: number) =>
  Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step)
const GA = axis(154, 314, 2)
const BW = axis(200, 6500, 100)

function surfaceOf(head: ContextHead) {
  const work = contextSurface(head, POOLED, GA, BW)
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

/** The same by looking at every day and every ten grams. */
function bruteForce(head: ContextHead, from: { gaDays: number; bwGrams: number }) {
  const classAt = (ga: number, bw: number) => {
    const [a, b] = head.logits(POOLED, ga, bw)
    return b! > a! ? 1 : 0
  }
  const own = classAt(from.gaDays, from.bwGrams)
  let nearest = Infinity
  for (let ga = 154; ga <= 314; ga++) {
    for (let bw = 200; bw <= 6500; bw += 10) {
      if (classAt(ga, bw) === own) continue
      nearest = Math.min(nearest, Math.hypot((ga - from.gaDays) / 20, (bw - from.bwGrams) / 500))
    }
  }
  return nearest
}

describe('surface over GA and BW', () => {
  it('holds at every point what the head says there', () => {
    const head = headOf((ga, bw) => (ga - 230) / 10 + (bw - 2000) / 400)
    const { probabilities, predicted } = surfaceOf(head)
    const at = BW.indexOf(2500) * GA.length + GA.indexOf(240)
    expect(probabilities[2 * at + 1]).toBeCloseTo(1 / (1 + Math.exp(-(1 + 1.25))), 6)
    expect([predicted[at], predicted[0]]).toEqual([1, 0])
  })
})

describe('smallest change that flips the answer', () => {
  const from = { gaDays: 214, bwGrams: 1500 }

  it.each([
    ['a slanted line', (ga: number, bw: number) => (ga - 231.5) / 10 + (bw - 2003) / 400],
    ['GA alone', (ga: number) => ga - 229.5],
    ['BW alone', (_: number, bw: number) => bw - 1837],
    ['a disc', (ga: number, bw: number) => 1 - Math.hypot((ga - 240) / 9, (bw - 2200) / 230)]
  ])('is that of looking everywhere, the border being %s', (_, score) => {
    const head = headOf(score)
    const flip = smallestFlip(head, POOLED, surfaceOf(head), { from, scale: SCALE })
    expect(flip!.distance).toBeCloseTo(bruteForce(head, from), 9)
    expect(flip!.predicted).toBe(1)
  })

  it('is null where no value changes the answer', () => {
    const head = headOf(() => -1)
    expect(smallestFlip(head, POOLED, surfaceOf(head), { from, scale: SCALE })).toBeNull()
  })

  it('ends only where it may', () => {
    const head = headOf(ga => ga - 229.5)
    const allowed = (_: number, bw: number) => bw >= 2000
    const flip = smallestFlip(head, POOLED, surfaceOf(head), { from, scale: SCALE, allowed })
    expect([flip!.gaDays, flip!.bwGrams]).toEqual([230, 2000])
  })

  it('along one axis is the nearest step on either side', () => {
    const head = headOf((ga, bw) => (ga < 209.5 || bw > 1800 ? 1 : -1))
    const search = { from, scale: SCALE }
    const range = { low: 154, high: 314 }
    expect(flipAlong(head, POOLED, 'gaDays', range, search)).toMatchObject({ gaDays: 209, bwGrams: 1500 })
    const grams = { low: 200, high: 6500 }
    expect(flipAlong(head, POOLED, 'bwGrams', grams, search)).toMatchObject({ gaDays: 214, bwGrams: 1810 })
    expect(flipAlong(head, POOLED, 'bwGrams', { low: 200, high: 1700 }, search)).toBeNull()
  })
})
