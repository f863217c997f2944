import type { ChestPicture } from './chest-picture'
import { polygonArea, polygonSpans, type Point } from './polygon'

/**
 * Why a film is left without a mask. contrast: what was found is hardly darker than what surrounds it. area: it is too
 * small or too large a part of the body. sides: one lung is far larger than the other. overlap: the two are not apart.
 * outside: too much of it lies beside the infant or beyond the film.
 */
export const LUNG_DOUBTS = ['contrast', 'area', 'sides', 'overlap', 'outside'] as const
export type LungDoubt = (typeof LUNG_DOUBTS)[number]

export interface LungQuality {
  /** Mean grey about the lungs less that inside, in standard deviations of all of it. */
  contrast: number
  /** Both lungs' share of the body on the film. */
  areaShare: number
  /** Area of the lung on the image's left over that of the other. */
  sideRatio: number
  doubts: LungDoubt[]
}

const LEAST_CONTRAST = 1.1
const AREA_SHARES = [0.07, 0.6] as const
const MOST_RATIO = 2.5
const MOST_OVERLAP = 0.02
const MOST_OUTSIDE = 0.12

/** @param imageLeft outlines in picture pixels */
export function lungQuality(
  { columns, rows, body }: ChestPicture,
  imageLeft: readonly Point[],
  imageRight: readonly Point[],
  contrast: number
): LungQuality {
  const hits = new Uint8Array(columns * rows)
  for (const outline of [imageLeft, imageRight])
    polygonSpans(outline, rows, columns, (row, from, to) => {
      for (let at = row * columns + from; at < row * columns + to; at++) hits[at]! += 1
    })
  let bodyPixels = 0
  let covered = 0
  let twice = 0
  for (let at = 0; at < hits.length; at++) {
    bodyPixels += body[at]!
    if (hits[at] === 2) twice += 1
    if (hits[at]! > 0 && body[at] === 1) covered += 1
  }
  const [left, right] = [polygonArea(imageLeft), polygonArea(imageRight)]
  const area = left + right
  const areaShare = covered / Math.max(1, bodyPixels)
  const sideRatio = left / right
  const doubts: LungDoubt[] = []
  if (contrast < LEAST_CONTRAST) doubts.push('contrast')
  if (areaShare < AREA_SHARES[0] || areaShare > AREA_SHARES[1]) doubts.push('area')
  if (sideRatio > MOST_RATIO || sideRatio < 1 / MOST_RATIO) doubts.push('sides')
  if (twice > MOST_OVERLAP * area) doubts.push('overlap')
  if (area - twice - covered > MOST_OUTSIDE * area) doubts.push('outside')
  return { contrast, areaShare, sideRatio, doubts }
}
