import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeRaster, rasterHeader } from './raster-image'

const rows = 5
const columns = 7
const deep = Uint16Array.from({ length: rows * columns }, (_, i) => (i * 1873 + 11) % 65536)
const shallow = Uint8Array.from(deep, value => value >> 8)

function grey16(): Sharp {
  return sharp(deep, { raw: { width: columns, height: rows, channels: 1 } }).toColourspace('grey16')
}

function grey8(): Sharp {
  return sharp(shallow, { raw: { width: columns, height: rows, channels: 1 } }).toColourspace('b-w')
}

describe('decodeRaster', () => {
  it.each(['png', 'tiff'] as const)('keeps all 16 bits of a grey %s', async format => {
    const film = await decodeRaster(
      await grey16().toFormat(format, { compression: 'none' }).toBuffer(),
      format
    )
    expect(film).toMatchObject({ rows, columns, bitsStored: 16, colour: false, spacing: null })
    expect(film.values).toEqual(deep)
  })

  it.each(['png', 'tiff'] as const)('keeps the 8 bits of a grey %s', async format => {
    const film = await decodeRaster(
      await grey8().toFormat(format, { compression: 'none' }).toBuffer(),
      format
    )
    expect(film.bitsStored).toBe(8)
    expect(film.values).toEqual(shallow)
  })

  it('does not apply a colour profile to grey values', async () => {
    const file = await grey8().withIccProfile('p3').png().toBuffer()
    const film = await decodeRaster(file, 'png')
    expect(Array.from(film.values)).toEqual(Array.from(shallow))
  })

  it('reduces colour to BT.601 luminance', async () => {
    const rgb = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30])
    const file = await sharp(rgb, { raw: { width: 4, height: 1, channels: 3 } })
      .png()
      .toBuffer()
    const film = await decodeRaster(file, 'png')
    expect(film.colour).toBe(true)
    expect(Array.from(film.values)).toEqual([76, 150, 29, 18])
  })

  it('lays transparent pixels over black', async () => {
    const rgba = Uint8Array.from([200, 200, 200, 255, 200, 200, 200, 0, 200, 200, 200, 128])
    const file = await sharp(rgba, { raw: { width: 3, height: 1, channels: 4 } })
      .png()
      .toBuffer()
    expect(Array.from((await decodeRaster(file, 'png')).values)).toEqual([200, 0, 100])
  })

  it('turns a JPEG upright by its EXIF orientation, and says so in the header', async () => {
    const wide = Uint8Array.from({ length: 16 * 8 }, (_, i) => (i % 16 < 8 ? 0 : 255))
    const file = await sharp(wide, { raw: { width: 16, height: 8, channels: 1 } })
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100 })
      .toBuffer()
    expect(await rasterHeader(file, 'jpeg')).toMatchObject({ rows: 16, columns: 8 })
    const film = await decodeRaster(file, 'jpeg')
    expect([film.rows, film.columns]).toEqual([16, 8])
    // Orientation 6 is turned by 90 degrees clockwise: the dark left half comes to lie on top.
    expect(film.values[0]).toBeLessThan(10)
    expect(film.values.at(-1)).toBeGreaterThan(245)
  })

  it('counts the pages of a TIFF', async () => {
    const pages = new Uint8Array(2 * rows * columns)
    const file = await sharp(pages, {
      raw: { width: columns, height: 2 * rows, channels: 1, pageHeight: rows }
    })
      .tiff()
      .toBuffer()
    expect((await rasterHeader(file, 'tiff')).frames).toBe(2)
  })
})

describe('spacing from pixel density', () => {
  it.each(['png', 'jpeg', 'tiff'] as const)('is read from a %s that states its unit', async format => {
    const file = await grey8().withMetadata({ density: 254 }).toFormat(format).toBuffer()
    const { spacing } = await rasterHeader(file, format)
    expect(spacing?.source).toBe('PhysicalPixelDensity')
    expect(spacing?.rowMm).toBeCloseTo(0.1, 4)
    expect(spacing?.columnMm).toBeCloseTo(0.1, 4)
  })

  it.each([72, 96])('is not taken from the default of %i per inch', async density => {
    const file = await grey8().withMetadata({ density }).png().toBuffer()
    expect((await rasterHeader(file, 'png')).spacing).toBeNull()
  })
})
