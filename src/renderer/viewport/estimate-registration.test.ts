import { describe, expect, it } from 'vitest'
import { estimateRegistration } from './estimate-registration'
import { registeredPlace } from './registration'
import { testFilm } from './test-film'
import type { PixelHeader } from '../../contract'

/** A chest drawn from formulas: body, two lungs, ribs, heart. Coordinates in shares of the chest, 0..1 brightness. */
function chest(x: number, y: number): number {
  const body = (x / 0.42) ** 2 + (y / 0.48) ** 4 < 1
  if (!body) return 0
  const lung = (side: number) => ((x - side * 0.2) / 0.15) ** 2 + ((y + 0.03) / 0.3) ** 2 < 1
  const heart = ((x - 0.05) / 0.14) ** 2 + ((y - 0.12) / 0.14) ** 2 < 1
  const rib = Math.sin((y + 0.5 * x * x) * 55) > 0.6 ? 0.12 : 0
  const spine = Math.abs(x) < 0.035 ? 0.25 : 0
  const tissue = heart ? 0.75 : lung(-1) || lung(1) ? 0.25 : 0.6
  return Math.min(1, tissue + rib + spine)
}

const spots = (x: number, y: number) => ((Math.sin(x * 127.1 + y * 311.7) * 43758.5453) % 1) * 0.06
const percentiles = { p0_5: 0, p2: 200, p50: 2000, p98: 3600, p99_5: 4000 }

/** A chest at `middle` (film pixels along a row) of a film, `size` pixel widths large. */
function film(
  [columns, rows]: [number, number],
  middle: { x: number; y: number },
  size: number,
  part: Partial<PixelHeader> = {},
  tone: (grey: number) => number = grey => 4000 * grey,
  turn = 0
) {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const aspect = part.spacing ? part.spacing.rowMm / part.spacing.columnMm : 1
  return testFilm(
    (u, v) => {
      const [x, y] = [(u + 0.5 - middle.x) / size, ((v + 0.5) * aspect - middle.y) / size]
      return Math.round(tone(Math.max(0, chest(cos * x + sin * y, cos * y - sin * x) + spots(u, v))))
    },
    { columns, rows, percentiles, ...part }
  )
}

const MIDDLE = { x: 240, y: 300 }
const first = film([500, 600], MIDDLE, 520)

/** Where the estimate puts places of the chest, against where they are; in shares of the chest's size. */
function worstError(
  found: ReturnType<typeof estimateRegistration>,
  middle: typeof MIDDLE,
  size: number,
  turn = 0
) {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  return Math.max(
    ...[
      [-0.4, -0.4],
      [0.4, -0.4],
      [0, 0],
      [0.4, 0.4]
    ].map(([u, v]) => {
      const at = { x: MIDDLE.x + u! * 520, y: MIDDLE.y + v! * 520 }
      const truth = {
        x: middle.x + (cos * u! - sin * v!) * size,
        y: middle.y + (sin * u! + cos * v!) * size
      }
      const put = registeredPlace(found!.registration, at.x, at.y)
      return Math.hypot(put.x - truth.x, put.y - truth.y) / size
    })
  )
}

describe('films aligned by themselves', () => {
  it.each([
    ['the same place', [500, 600], MIDDLE, 520],
    ['a shift', [500, 600], { x: 280, y: 255 }, 520],
    ['another size', [500, 600], { x: 250, y: 310 }, 430],
    ['a larger film of another shape', [900, 800], { x: 500, y: 380 }, 700]
  ] as const)('finds %s within 1 % of the chest', (_, size, middle, chestSize) => {
    const found = estimateRegistration(first, film([...size], middle, chestSize))
    expect(found!.correlation).toBeGreaterThan(0.8)
    expect(worstError(found, middle, chestSize)).toBeLessThan(0.01)
  })

  it.each([-0.1, 0.06])('finds an infant who lies turned by %s radians', turn => {
    const middle = { x: 265, y: 290 }
    const found = estimateRegistration(first, film([500, 600], middle, 490, {}, undefined, turn))
    expect(found!.registration.turn).toBeCloseTo(turn, 1.7)
    expect(worstError(found, middle, 490, turn)).toBeLessThan(0.015)
  })

  it('does not mind exposure or MONOCHROME1', () => {
    const middle = { x: 270, y: 280 }
    const turned = film(
      [500, 600],
      middle,
      480,
      { inverted: true, percentiles: { p0_5: 1000, p2: 1300, p50: 2500, p98: 3100, p99_5: 3800 } },
      grey => 3800 - 2800 * grey ** 1.4
    )
    expect(worstError(estimateRegistration(first, turned), middle, 480)).toBeLessThan(0.015)
  })

  it('uses spacing, and pixels that are not square', () => {
    const middle = { x: 260, y: 320 }
    const spacing = { rowMm: 0.4, columnMm: 0.2, source: 'PixelSpacing', calibrated: null }
    const tall = film([500, 300], middle, 480, { spacing })
    expect(worstError(estimateRegistration(first, tall), middle, 480)).toBeLessThan(0.015)
  })

  it('gives nothing for pictures that have nothing in common', () => {
    const noise = testFilm((u, v) => (((u * 7919 + v * 104729) % 977) / 977) * 4000, {
      columns: 500,
      rows: 600,
      percentiles
    })
    expect(estimateRegistration(first, noise)).toBeNull()
    expect(
      estimateRegistration(
        first,
        testFilm(() => 1000, { percentiles })
      )
    ).toBeNull()
  })
})
