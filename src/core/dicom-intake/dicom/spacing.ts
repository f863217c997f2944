import type { PixelSpacing } from '../../domain'
import { codeOf, decimalsOf } from './attributes'
import type { DataSet } from './dicom-parser'

/**
 * Millimetres per pixel after PS3.3 10.7.1: Pixel Spacing (0028,0030), else Imager Pixel Spacing (0018,1164), else
 * Nominal Scanned Pixel Spacing (0018,2010). Pixel Spacing counts as calibrated where Pixel Spacing Calibration Type
 * (0028,0A02) is given or it differs from Imager Pixel Spacing, as not calibrated where the two are equal, as unknown
 * where it stands alone.
 */
export function pixelSpacing(dataSet: DataSet): PixelSpacing | null {
  const atDetector = pair(dataSet, 'x00181164')
  const corrected = pair(dataSet, 'x00280030')
  if (corrected) {
    const isTyped = codeOf(dataSet, 'x00280a02') !== null
    const differs =
      atDetector !== null &&
      (corrected.rowMm !== atDetector.rowMm || corrected.columnMm !== atDetector.columnMm)
    const calibrated = isTyped || differs ? true : atDetector ? false : null
    return { ...corrected, source: 'PixelSpacing', calibrated }
  }
  if (atDetector) return { ...atDetector, source: 'ImagerPixelSpacing', calibrated: false }
  const scanned = pair(dataSet, 'x00182010')
  return scanned && { ...scanned, source: 'NominalScannedPixelSpacing', calibrated: null }
}

function pair(dataSet: DataSet, tag: string): { rowMm: number; columnMm: number } | null {
  const [rowMm, columnMm] = decimalsOf(dataSet, tag)
  return rowMm! > 0 && columnMm! > 0 && Number.isFinite(rowMm! + columnMm!)
    ? { rowMm: rowMm!, columnMm: columnMm! }
    : null
}
