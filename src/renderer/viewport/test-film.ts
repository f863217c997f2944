import type { PixelHeader } from '../../contract'
import { valueRange } from './windows'
import type { Film } from './renderer'

/** A header for tests: 12-bit, MONOCHROME2, one window 2048/4096, percentiles spread over the range. */
export function testHeader(part: Partial<PixelHeader> = {}): PixelHeader {
  return {
    rows: 64,
    columns: 48,
    slope: 1,
    intercept: 0,
    storedOffset: 0,
    unit: null,
    bitsStored: 12,
    quantised: false,
    inverted: false,
    voi: [{ kind: 'window', center: 2048, width: 4096, function: 'LINEAR', explanation: null }],
    percentiles: { p0_5: 100, p2: 300, p50: 1800, p98: 3600, p99_5: 3900 },
    lungs: { mask: null, quality: { contrast: 0, areaShare: 0, sideRatio: 1, doubts: ['contrast'] } },
    spacing: null,
    ...part
  }
}

/** A film whose value at (column, row) is `value(column, row)`. */
export function testFilm(
  value: (column: number, row: number) => number,
  part: Partial<PixelHeader> = {},
  id = 'film'
): Film {
  const header = testHeader(part)
  const values = Uint16Array.from({ length: header.rows * header.columns }, (_, i) =>
    value(i % header.columns, Math.floor(i / header.columns))
  )
  return { id, header, values, range: valueRange(values) }
}
