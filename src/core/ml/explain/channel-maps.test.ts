import { describe, expect, it } from 'vitest'
import { cellMeans, weightedMap } from './channel-maps'
import { createNearest } from './nearest'

describe('maps of channels', () => {
  it('add up channels by their factors', () => {
    expect([...weightedMap(Float32Array.of(1, 2, 3, 4), [2, -1])]).toEqual([-1, 0])
  })

  it('average a plane over cells, also where a cell ends within a pixel', () => {
    const plane = Float32Array.from({ length: 16 }, (_, i) => i)
    expect([...cellMeans(plane, 4, 2, 2)]).toEqual([2.5, 4.5, 10.5, 12.5])
    expect([...cellMeans(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), 3, 2, 1)]).toEqual([3.5, 6.5])
  })
})

describe('nearest', () => {
  it('keeps the smallest in order, as sorting everything does', () => {
    const distances = Array.from({ length: 500 }, (_, i) => Math.abs(Math.sin(i * 12.9898)))
    const nearest = createNearest(7)
    distances.forEach((distance, place) => nearest.offer(place, distance))
    const sorted = distances
      .map((distance, place) => ({ place, distance }))
      .sort((a, b) => a.distance - b.distance)
    expect(nearest.result()).toEqual(sorted.slice(0, 7))
  })
})
