import type { RawSamples } from './samples'

/** How three colour samples lie in memory. */
export type ColourLayout = 'interleaved' | 'planar' | 'subsampled-422'

/**
 * Reduces colour to luminance, ITU-R BT.601: Y = 0.299 R + 0.587 G + 0.114 B. For YBR this is the Y sample itself (that
 * is its definition, PS3.3 C.7.6.3.1.2), for YBR_PARTIAL spread from 16..235 to 0..255.
 * @param space 'rgb', 'ybr-full' or 'ybr-partial'
 */
export function luminance(
  samples: RawSamples,
  pixels: number,
  space: 'rgb' | 'ybr-full' | 'ybr-partial',
  layout: ColourLayout
): RawSamples {
  const grey = samples instanceof Uint8Array ? new Uint8Array(pixels) : new Uint16Array(pixels)
  if (space === 'rgb') {
    const [step, plane] = layout === 'planar' ? [1, pixels] : [3, 1]
    for (let i = 0, at = 0; i < pixels; i++, at += step) {
      const sum = 299 * samples[at]! + 587 * samples[at + plane]! + 114 * samples[at + 2 * plane]!
      grey[i] = Math.round(sum / 1000)
    }
    return grey
  }
  for (let i = 0; i < pixels; i++) grey[i] = samples[positionOfY(i, layout)]!
  if (space === 'ybr-partial') {
    for (let i = 0; i < pixels; i++) {
      grey[i] = Math.round(Math.min(255, Math.max(0, ((grey[i]! - 16) * 255) / 219)))
    }
  }
  return grey
}

/** 4:2:2 samples lie as Y Y Cb Cr for each two pixels. */
function positionOfY(pixel: number, layout: ColourLayout): number {
  if (layout === 'planar') return pixel
  if (layout === 'interleaved') return 3 * pixel
  return 4 * (pixel >> 1) + (pixel & 1)
}
