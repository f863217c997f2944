import { describe, expect, it } from 'vitest'
import { axisTaps, resample } from './resample'
import { filmFromCanvas, initialView, type Frame } from './view-transform'

function noise(count: number): Uint16Array {
  let state = 12345
  return Uint16Array.from(
    { length: count },
    () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16
  )
}

const identity = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 }

describe('resample', () => {
  it('gives the stored values themselves at 1:1, and NaN outside the film', () => {
    const values = noise(5 * 4)
    const out = resample({ values, rows: 4, columns: 5 }, { ...identity, e: -1 }, 7, 4)
    for (let y = 0; y < 4; y++)
      for (let x = 0; x < 7; x++)
        expect(out[y * 7 + x]).toEqual(x >= 1 && x <= 5 ? values[y * 5 + x - 1] : NaN)
  })

  it('interpolates linearly between pixel centres when enlarging and never overshoots', () => {
    const out = resample(
      { values: Uint16Array.of(100, 300), rows: 1, columns: 2 },
      { ...identity, a: 0.25 },
      8,
      1
    )
    expect([...out]).toEqual([100, 100, 125, 175, 225, 275, 300, 300])
  })

  it('shows film pixels as squares when enlarging is not to smooth, and averages when reducing all the same', () => {
    const film = { values: Uint16Array.of(100, 300), rows: 1, columns: 2 }
    expect([...resample(film, { ...identity, a: 0.25 }, 8, 1, true)]).toEqual([
      100, 100, 100, 100, 300, 300, 300, 300
    ])
    expect([...resample(film, { ...identity, a: -0.5, e: 2 }, 4, 1, true)]).toEqual([300, 300, 100, 100])
    const wide = { values: noise(90), rows: 1, columns: 90 }
    expect(resample(wide, { ...identity, a: 3 }, 30, 1, true)).toEqual(
      resample(wide, { ...identity, a: 3 }, 30, 1)
    )
  })

  it('weighs every film pixel alike when reducing by a whole number', () => {
    const total = new Float64Array(30)
    const { first, start, weights } = axisTaps(10, 30, 3, 0)
    for (let i = 0; i < 10; i++)
      for (let k = start[i]!; k < start[i + 1]!; k++) total[first[i]! + k - start[i]!]! += weights[k]!
    for (const share of total.slice(6, 24)) expect(share).toBeCloseTo(1 / 3, 6)
  })

  it('agrees with a triangle filter computed the long way round, in every orientation', () => {
    const film = { values: noise(23 * 31), rows: 31, columns: 23 }
    const frame: Frame = { width: 17, height: 14, columns: 23, rows: 31, aspect: 1 }
    for (const zoom of [0.31, 0.5, 0.83, 1, 1.7])
      for (const rotation of [0, 1, 2, 3] as const)
        for (const [flipped, tilt] of [
          [false, 0],
          [true, 0],
          [true, 0.2]
        ] as const) {
          const view = { ...initialView(frame), zoom, rotation, tilt, flipped, centreX: 10.3 }
          const m = filmFromCanvas(view, frame)
          const out = resample(film, m, frame.width, frame.height)
          const support = Math.max(1, (Math.cos(tilt) + Math.sin(tilt)) / zoom)
          for (let y = 0; y < frame.height; y++)
            for (let x = 0; x < frame.width; x++) {
              const u = m.a * (x + 0.5) + m.c * (y + 0.5) + m.e
              const v = m.b * (x + 0.5) + m.d * (y + 0.5) + m.f
              const inside = u >= 0 && v >= 0 && u < 23 && v < 31
              let sum = 0
              let total = 0
              for (let row = 0; row < 31; row++)
                for (let column = 0; column < 23; column++) {
                  const weight =
                    Math.max(0, 1 - Math.abs(column + 0.5 - u) / support) *
                    Math.max(0, 1 - Math.abs(row + 0.5 - v) / support)
                  sum += weight * film.values[row * 23 + column]!
                  total += weight
                }
              const got = out[y * frame.width + x]!
              if (inside) expect(Math.abs(got - sum / total)).toBeLessThan(0.05)
              else expect(got).toBeNaN()
            }
        }
  })

  it('turns a fine checkerboard grey instead of letting it alias', () => {
    const size = 210
    const values = Uint16Array.from({ length: size * size }, (_, i) =>
      ((i % size) + Math.floor(i / size)) % 2 ? 4000 : 0
    )
    const scale = size / 80
    const out = resample({ values, rows: size, columns: size }, { ...identity, a: scale, d: scale }, 80, 80)
    const inner = [...out].filter((_, i) => i % 80 > 1 && i % 80 < 78 && i > 160 && i < 6240)
    expect(Math.max(...inner) - Math.min(...inner)).toBeLessThan(60)
    const mean = inner.reduce((sum, value) => sum + value, 0) / inner.length
    expect(mean).toBeCloseTo(2000, -1)
  })
})
