import sharp from 'sharp'
import type { Drawing } from './drawing'
import { toSvg, type Outline } from './svg'

/** Dots per inch: enough for a page of print. */
const DENSITY = 200

export function toPng(drawing: Drawing, notice: string, outline: Outline): Promise<Buffer> {
  const svg = Buffer.from(toSvg(drawing, notice, outline))
  return sharp(svg, { density: DENSITY }).png({ compressionLevel: 9 }).toBuffer()
}
