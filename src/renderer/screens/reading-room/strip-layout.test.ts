import { describe, expect, it } from 'vitest'
import { layoutStrip } from './strip-layout'

function expectApart(cards: number[], width: number) {
  cards.slice(1).forEach((card, index) => expect(card - cards[index]!).toBeGreaterThanOrEqual(width))
}

describe('strip of films along hours of life', () => {
  it('sets dots in proportion on one axis, whatever the cards need', () => {
    const { dots, cards, ticks } = layoutStrip([1, 2, 3, 72], 900, 120)
    expect(dots).toEqual([...dots].sort((a, b) => a! - b!))
    expect(dots[3]).toBe(900 - 60)
    expect(ticks.find(tick => tick.hours === 72)!.x).toBe(dots[3])
    expectApart(cards, 120)
  })

  it('centres a card on its dot where there is room', () => {
    const { dots, cards } = layoutStrip([6, 240], 1000, 120)
    expect(cards).toEqual(dots.map(dot => dot! - 60))
  })

  it('reads from 2 h to 3 months, with the landmarks and no words that touch', () => {
    for (const room of [500, 900, 1180]) {
      const { dots, ticks } = layoutStrip([2, 26, 700, 2160], room, 148)
      expect(ticks.map(tick => tick.hours)).toEqual(expect.arrayContaining([6, 24, 72, 672]))
      expect(ticks.filter(tick => tick.landmark).map(tick => tick.hours)).toEqual([6, 24, 72, 672])
      ticks.slice(1).forEach((tick, i) => expect(tick.x - ticks[i]!.x).toBeGreaterThanOrEqual(40))
      expect(dots[0]! - ticks[0]!.x).toBeGreaterThan(20)
    }
  })

  it('has the first three days at the same places for every infant of the first three days', () => {
    expect(layoutStrip([1], 900, 120).ticks).toEqual(layoutStrip([1, 70], 900, 120).ticks)
  })

  it('keeps crowded late films inside the strip', () => {
    const { cards, width } = layoutStrip([1, 700, 701, 702], 800, 120)
    expectApart(cards, 120)
    expect(width).toBeLessThanOrEqual(800)
    expect(cards[0]).toBeGreaterThanOrEqual(0)
  })

  it('grows beyond the room given when there are too many films', () => {
    const { cards, width } = layoutStrip(
      Array.from({ length: 20 }, (_, i) => i * 12),
      600,
      120
    )
    expectApart(cards, 120)
    expect(width).toBeGreaterThan(20 * 120)
  })

  it('puts films of unknown age last, without a dot', () => {
    const { cards, dots } = layoutStrip([5, null, null], 800, 120)
    expect(dots.slice(1)).toEqual([null, null])
    expectApart(cards, 120)
    expect(layoutStrip([null, null], 800, 120).ticks).toEqual([])
  })
})
