import { describe, expect, it } from 'vitest'
import { voiGrey } from './display-lut'
import { matchDisplay } from './match-display'
import { testFilm } from './test-film'
import { presetVoi, windowBetween, type WindowPreset } from './windows'

const percentiles = { p0_5: 100, p2: 200, p50: 1000, p98: 1800, p99_5: 1900 }
const doubled = { p0_5: 700, p2: 900, p50: 2500, p98: 4100, p99_5: 4300 }
/** The same greys from the other end, as MONOCHROME1 stores them: v -> 5000 - 2 v. */
const turned = { p0_5: 1200, p2: 1400, p50: 3000, p98: 4600, p99_5: 4800 }
const film = testFilm(() => 0, { percentiles })
/** The same picture under another exposure: v -> 500 + 2 v. */
const brighter = testFilm(() => 0, { percentiles: doubled, voi: [] }, 'brighter')
const monochrome1 = testFilm(() => 0, { percentiles: turned, inverted: true }, 'monochrome1')

const shades = (preset: WindowPreset | null, low = 0, high = 0, inverted = false) => ({
  preset,
  sentIndex: 0,
  display: { inverted, voi: preset ? presetVoi(preset, film.header, film.range) : windowBetween(low, high) }
})

describe('greys carried over to another film', () => {
  it('are the same preset, made for that film', () => {
    const { preset, display } = matchDisplay(film, shades('lung', 0, 0, true), brighter)
    expect(preset).toBe('lung')
    expect(display).toEqual({ inverted: true, voi: presetVoi('lung', brighter.header, brighter.range) })
  })

  it('are the automatic window where the other film sends none', () => {
    expect(matchDisplay(film, shades('as-sent'), brighter).preset).toBe('auto')
    expect(matchDisplay(film, shades('as-sent'), monochrome1).preset).toBe('as-sent')
  })

  it('give the same tissue the same grey after a drag, whatever the exposure', () => {
    const dragged = shades(null, 400, 1300)
    const there = matchDisplay(film, dragged, brighter)
    expect(there.preset).toBeNull()
    for (const value of [300, 500, 850, 1299, 1500])
      expect(voiGrey(there.display!.voi, 500 + 2 * value)).toBeCloseTo(voiGrey(dragged.display.voi, value), 9)
  })

  it('turn with a film that stores white low', () => {
    const dragged = shades(null, 400, 1300)
    const there = matchDisplay(film, dragged, monochrome1)
    for (const value of [300, 500, 850, 1299, 1500])
      expect(1 - voiGrey(there.display!.voi, 5000 - 2 * value)).toBeCloseTo(
        voiGrey(dragged.display.voi, value),
        9
      )
  })
})
