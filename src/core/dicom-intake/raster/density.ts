import type { PixelSpacing } from '../../domain'

const MM_PER_INCH = 25.4

/** Densities per inch that programs write without meaning them: 72 and 96 of screens, 25.4 (1 mm) of libvips. */
const PLACEHOLDERS = [25.4, 72, 96]

/**
 * Pixel density with an explicit unit: PNG pHYs in metres, JFIF density in inches or centimetres, TIFF and EXIF
 * resolution in inches or centimetres with the unit written. null where there is none, or only a program's default.
 */
export function densitySpacing(bytes: Uint8Array, format: 'png' | 'jpeg' | 'tiff'): PixelSpacing | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const found =
      format === 'png' ? pngDensity(view) : format === 'jpeg' ? jpegDensity(view) : tiffDensity(view)
    if (!found || !(found.columnMm > 0 && found.rowMm > 0 && Number.isFinite(found.columnMm + found.rowMm))) {
      return null
    }
    if (PLACEHOLDERS.some(perInch => Math.abs(MM_PER_INCH / found.columnMm - perInch) < 0.05)) return null
    return { ...found, source: 'PhysicalPixelDensity', calibrated: null }
  } catch (thrown) {
    if (thrown instanceof RangeError) return null
    throw thrown
  }
}

interface Density {
  rowMm: number
  columnMm: number
}

/** pHYs chunk (PNG 11.3.4.3), before the first IDAT. */
function pngDensity(view: DataView): Density | null {
  let at = 8
  while (at + 12 <= view.byteLength) {
    const length = view.getUint32(at)
    const type = view.getUint32(at + 4)
    if (type === 0x49444154) return null
    if (type === 0x70485973 && view.getUint8(at + 16) === 1) {
      return { columnMm: 1000 / view.getUint32(at + 8), rowMm: 1000 / view.getUint32(at + 12) }
    }
    at += 12 + length
  }
  return null
}

/** APP0 'JFIF' (JFIF 1.02), else the first directory of APP1 'Exif', among the application segments after SOI. */
function jpegDensity(view: DataView): Density | null {
  let found: Density | null = null
  for (let at = 2; (view.getUint16(at) & 0xfff0) === 0xffe0; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at)
    const name = view.getUint32(at + 4)
    if (marker === 0xffe0 && name === 0x4a464946) {
      const unit = view.getUint8(at + 11)
      const mm = unit === 1 ? MM_PER_INCH : unit === 2 ? 10 : null
      if (mm) return { columnMm: mm / view.getUint16(at + 12), rowMm: mm / view.getUint16(at + 14) }
    }
    if (marker === 0xffe1 && name === 0x45786966) {
      const length = view.getUint16(at + 2) - 8
      found ??= tiffDensity(new DataView(view.buffer, view.byteOffset + at + 10, length))
    }
  }
  return found
}

/** XResolution 282, YResolution 283, ResolutionUnit 296 of the first directory (TIFF 6.0). */
function tiffDensity(view: DataView): Density | null {
  const little = view.getUint16(0) === 0x4949
  const directory = view.getUint32(4, little)
  const entries = view.getUint16(directory, little)
  const found: Record<number, number> = {}
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + 12 * i
    const tag = view.getUint16(at, little)
    if (tag === 296) found[tag] = view.getUint16(at + 8, little)
    if (tag === 282 || tag === 283) {
      const rational = view.getUint32(at + 8, little)
      found[tag] = view.getUint32(rational, little) / view.getUint32(rational + 4, little)
    }
  }
  const mm = found[296] === 2 ? MM_PER_INCH : found[296] === 3 ? 10 : null
  return mm && found[282] && found[283] ? { columnMm: mm / found[282], rowMm: mm / found[283] } : null
}
