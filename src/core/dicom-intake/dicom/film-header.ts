import type { FilmHeader } from '../../domain'
import { codeOf } from './attributes'
import { acquiredAt, isoDateTime } from './date-time'
import type { ImagePixel } from './image-pixel'
import type { ParsedDicom } from './parse-data-set'
import { pixelSpacing } from './spacing'
import { textOf } from './text'
import { voiTransforms } from './transforms'

/** What a DICOM file says of itself. */
export function dicomHeader(parsed: ParsedDicom, pixel: ImagePixel): FilmHeader {
  const { dataSet } = parsed
  const sex = codeOf(dataSet, 'x00100040')?.toUpperCase()
  const burnedIn = codeOf(dataSet, 'x00280301')?.toUpperCase()
  return {
    format: 'dicom',
    rows: pixel.rows,
    columns: pixel.columns,
    frames: pixel.frames,
    bitsStored: pixel.bitsStored,
    samplesPerPixel: pixel.samplesPerPixel,
    photometric: pixel.photometric,
    transferSyntax: parsed.transferSyntax,
    sopClassUid: codeOf(dataSet, 'x00080016'),
    sopInstanceUid: codeOf(dataSet, 'x00080018'),
    studyInstanceUid: codeOf(dataSet, 'x0020000d'),
    seriesInstanceUid: codeOf(dataSet, 'x0020000e'),
    modality: codeOf(dataSet, 'x00080060'),
    patientId: textOf(dataSet, 'x00100020', 'LO'),
    patientName: textOf(dataSet, 'x00100010', 'PN'),
    sex: sex === 'M' || sex === 'F' || sex === 'O' ? sex : null,
    institution: textOf(dataSet, 'x00080080', 'LO'),
    acquiredAt: acquiredAt(dataSet),
    birthAt: isoDateTime(codeOf(dataSet, 'x00100030'), codeOf(dataSet, 'x00100032')),
    viewPosition: codeOf(dataSet, 'x00185101'),
    bodyPart: codeOf(dataSet, 'x00180015'),
    windows: voiTransforms(dataSet, pixel.signed).flatMap(voi =>
      voi.kind === 'window' ? [{ center: voi.center, width: voi.width }] : []
    ),
    spacing: pixelSpacing(dataSet),
    burnedInAnnotation: burnedIn === 'YES' ? true : burnedIn === 'NO' ? false : null
  }
}
