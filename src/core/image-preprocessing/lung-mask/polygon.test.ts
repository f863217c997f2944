import { describe, expect, it } from 'vitest'
import { centroid, polygonArea, polygonSpans } from './polygon'

const square = [
  { x: 1, y: 1 },
  { x: 5, y: 1 },
  { x: 5, y: 4 },
  { x: 1, y: 4 }
]

describe('polygons', () => {
  it('have an area and a centre of gravity, whichever way they run', () => {
    for (const points of [square, [...square].reverse()]) {
      expect(polygonArea(points)).toBe(12)
      expect(centroid(points)).toEqual({ x: 3, y: 2.5 })
    }
  })

  it('cover the pixels whose centres lie inside, cut at the picture', () => {
    const spans: number[][] = []
    polygonSpans(square, 3, 4, (...span) => spans.push(span))
    expect(spans).toEqual([
      [1, 1, 4],
      [2, 1, 4]
    ])
  })

  it('leave out what lies between two arms', () => {
    const arms = [
      { x: 0, y: 0 },
      { x: 2, y: 0 },
      { x: 2, y: 2 },
      { x: 4, y: 2 },
      { x: 4, y: 0 },
      { x: 6, y: 0 },
      { x: 6, y: 4 },
      { x: 0, y: 4 }
    ]
    const first: number[][] = []
    polygonSpans(arms, 4, 6, (row, ...span) => row === 0 && first.push(span))
    expect(first).toEqual([
      [0, 2],
      [4, 6]
    ])
  })
})
