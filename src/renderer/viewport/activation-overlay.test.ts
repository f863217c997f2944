import { describe, expect, it } from 'vitest'
import { AGAINST_COLOUR, blendOverlay, mapScale, mapValue, TOWARDS_COLOUR } from './activation-overlay'

const map = {
  rows: 2,
  columns: 2,
  values: [4, 0, -8, 2],
  extent: { left: -10, top: 0, right: 30, bottom: 40 }
}

describe('activation map over the film', () => {
  it('has its own values at the cell centres and runs straight between them', () => {
    expect(mapValue(map, 0, 10)).toBe(4)
    expect(mapValue(map, 20, 10)).toBe(0)
    expect(mapValue(map, 0, 30)).toBe(-8)
    expect(mapValue(map, 10, 10)).toBe(2)
    expect(mapValue(map, 0, 20)).toBe(-2)
  })

  it('holds the outer half cell and is nothing beyond its extent', () => {
    expect(mapValue(map, -9.9, 1)).toBe(4)
    expect(mapValue(map, -10.1, 1)).toBe(0)
    expect(mapValue(map, 0, 40.1)).toBe(0)
  })

  it('scales both directions by the largest magnitude', () => {
    expect(mapScale(map)).toBe(8)
    expect(mapScale({ ...map, values: [0, 0, 0, 0] })).toBe(0)
  })

  it('leaves the film as it is where the map is zero, and colours by direction elsewhere', () => {
    expect(blendOverlay(77, 0, 0.5)).toEqual([77, 77, 77])
    expect(blendOverlay(77, 1, 1)).toEqual([...TOWARDS_COLOUR])
    expect(blendOverlay(77, -1, 1)).toEqual([...AGAINST_COLOUR])
    expect(blendOverlay(100, 0.5, 0.5)[0]).toBe(Math.round(100 + (TOWARDS_COLOUR[0] - 100) * 0.25))
  })
})
