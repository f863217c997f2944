import { describe, expect, it } from 'vitest'
import { voiGrey, type WindowVoi } from './display-lut'
import { testHeader } from './test-film'
import {
  asWindow,
  dragWindow,
  presetVoi,
  valueRange,
  WINDOW_PRESETS,
  windowBasis,
  windowBetween
} from './windows'

const range = { low: 20, high: 4000 }

function ends(voi: ReturnType<typeof presetVoi>): [number, number] {
  const { center, width } = voi as WindowVoi
  return [center - width / 2, center + width / 2]
}

describe('window presets', () => {
  const header = testHeader({ slope: 2, intercept: -10 })

  it('shows the whole range of stored values as modality values', () => {
    expect(ends(presetVoi('full', header, range))).toEqual([30, 7990])
  })

  it('shows the body by its percentiles when automatic', () => {
    expect(ends(presetVoi('auto', header, range))).toEqual([100, 3900])
  })

  it('steepens the clinical presets: each is narrower than the automatic window and inside it', () => {
    const widths = WINDOW_PRESETS.slice(2, 5).map(preset => {
      const [low, high] = ends(presetVoi(preset, header, range))
      expect(low).toBeGreaterThanOrEqual(100)
      expect(high).toBeLessThanOrEqual(3900)
      return high - low
    })
    expect(Math.max(...widths)).toBeLessThan(3800)
    expect(Math.min(...widths)).toBe(widths[2])
  })

  it('keeps aerated lung inside the lung window whichever way the file stores it', () => {
    const mirrored = testHeader({
      inverted: true,
      percentiles: { p0_5: 100, p2: 400, p50: 2200, p98: 3700, p99_5: 3900 }
    })
    const [low, high] = ends(presetVoi('lung', mirrored, range))
    expect([low, high]).toEqual([2200 - 0.7 * 1800, 3900])
  })

  it("goes through the file's own transforms, and falls back to automatic without any", () => {
    const two = testHeader({
      voi: [
        { kind: 'window', center: 1, width: 2, function: 'LINEAR', explanation: 'A' },
        { kind: 'lut', firstMapped: 5, bits: 8, values: [1, 2], explanation: 'B' }
      ]
    })
    expect(presetVoi('as-sent', two, range, 1).explanation).toBe('B')
    expect(presetVoi('as-sent', two, range, 2).explanation).toBe('A')
    expect(ends(presetVoi('as-sent', testHeader({ voi: [] }), range))).toEqual([100, 3900])
  })

  it('makes a usable window of a blank film', () => {
    const voi = presetVoi('full', testHeader(), { low: 7, high: 7 })
    expect([voiGrey(voi, 6), voiGrey(voi, 8)]).toEqual([0, 1])
  })
})

describe('windows by the lungs', () => {
  const outline = {
    outline: [],
    area: 1,
    box: { left: 0, top: 0, right: 1, bottom: 1 },
    centroid: { x: 0, y: 0 }
  }
  const withLungs = (percentiles: { p0_5: number; p99_5: number }, inverted = false) =>
    testHeader({
      inverted,
      lungs: {
        mask: {
          imageLeft: outline,
          imageRight: outline,
          percentiles: { p2: 0, p50: 0, p98: 0, ...percentiles }
        },
        quality: { contrast: 1.5, areaShare: 0.3, sideRatio: 1, doubts: [] }
      }
    })

  it('leave room above the lungs: a little for the lung window, enough for heart and spine for the automatic one', () => {
    const header = withLungs({ p0_5: 1000, p99_5: 2000 })
    expect(ends(presetVoi('auto', header, range))).toEqual([920, 2450])
    expect(ends(presetVoi('lung', header, range))).toEqual([970, 2050])
    expect(ends(presetVoi('pneumothorax', header, range))).toEqual([950, 1600])
  })

  it('leave it at the bright end, whichever that is', () => {
    const header = withLungs({ p0_5: 2000, p99_5: 3000 }, true)
    expect(ends(presetVoi('auto', header, range))).toEqual([1550, 3080])
  })

  it('say what they go by, and other presets do not', () => {
    const header = withLungs({ p0_5: 1000, p99_5: 2000 })
    expect(windowBasis('auto', header)).toBe('lungs')
    expect(windowBasis('lung', testHeader())).toBe('body')
    expect(windowBasis('as-sent', header)).toBeNull()
    expect(windowBasis('as-sent', { ...header, voi: [] })).toBe('lungs')
    expect(presetVoi('as-sent', { ...header, voi: [] }, range)).toEqual(presetVoi('auto', header, range))
    expect(windowBasis('lines', header)).toBe('body')
    expect(windowBasis('full', header)).toBeNull()
    expect(windowBasis(null, header)).toBeNull()
  })
})

describe('dragging the window', () => {
  const start = windowBetween(1000, 3000)

  it('widens by the same factor at any width', () => {
    const wide = dragWindow(start, 120, 0, false)
    const narrow = dragWindow(windowBetween(1, 3), 120, 0, false)
    expect(wide.width / start.width).toBeCloseTo(narrow.width / 2, 12)
    expect(wide.center).toBe(start.center)
  })

  it('brightens upwards, also where high values are dark', () => {
    const up = dragWindow(start, 0, -60, false)
    expect(voiGrey(up, 2000)).toBeGreaterThan(voiGrey(start, 2000))
    const turned = dragWindow(start, 0, -60, true)
    expect(1 - voiGrey(turned, 2000)).toBeGreaterThan(1 - voiGrey(start, 2000))
  })

  it('never narrows a LINEAR window below what its formula allows', () => {
    expect(dragWindow({ ...start, function: 'LINEAR', width: 3 }, -2000, 0, false).width).toBe(2)
  })

  it('starts from the input range of a VOI LUT', () => {
    const voi = asWindow({
      kind: 'lut',
      firstMapped: 100,
      bits: 8,
      values: Array(51).fill(0),
      explanation: null
    })
    expect([voi.center, voi.width]).toEqual([125, 50])
  })
})

it('finds the lowest and highest value', () => {
  expect(valueRange(Uint16Array.of(9, 3, 65535, 12))).toEqual({ low: 3, high: 65535 })
})
