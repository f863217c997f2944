import { createRandom } from '../../../src/core/foundation'
import { writeDicomFilm, type WrittenTransferSyntax } from '../../../src/core/dicom-intake'

/** A 3.1-megapixel film, as computed radiography of a newborn's chest often has. */
export const COLUMNS = 1536
export const ROWS = 2048

/** Ten digits, so that another film's number can be put in its place without moving a byte. */
const NUMBER = '1000000000'

/** Row-major 12-bit values: slow shadows and, as a detector adds it, noise of some ten grey levels. */
export function syntheticValues(): Uint16Array {
  const random = createRandom(1, 'bench-film')
  const values = new Uint16Array(COLUMNS * ROWS)
  for (let row = 0, at = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++, at++) {
      const shadow = 2048 + 900 * Math.sin(column / 190) * Math.cos(row / 260) + 300 * Math.sin(row / 37)
      values[at] = Math.min(4095, Math.max(0, Math.round(shadow + random.between(-10, 10))))
    }
  }
  return values
}

/** The film as a DICOM file, without anything of a patient. */
export function syntheticDicom(
  values: Uint16Array,
  transferSyntax: WrittenTransferSyntax = 'explicit-le'
): Promise<Uint8Array> {
  return writeDicomFilm({
    columns: COLUMNS,
    rows: ROWS,
    values,
    photometric: 'MONOCHROME2',
    transferSyntax,
    mmPerPixel: 0.1,
    windows: [{ center: 2048, width: 4096, explanation: 'NORMAL' }],
    voiLut: null,
    attributes: {
      SOPInstanceUID: `2.25.${NUMBER}1`,
      StudyInstanceUID: `2.25.${NUMBER}2`,
      SeriesInstanceUID: `2.25.${NUMBER}3`,
      ImageType: ['DERIVED', 'PRIMARY'],
      Modality: 'CR',
      InstitutionName: 'SYNTHETIC',
      StudyDate: '20200102',
      StudyTime: '030405',
      AcquisitionDate: '20200102',
      AcquisitionTime: '030405',
      PatientName: 'SYNTHETIC^INFANT',
      PatientID: `NG-${NUMBER}`,
      PatientBirthDate: '20200101',
      PatientBirthTime: '030405',
      PatientSex: 'F',
      BodyPartExamined: 'CHEST',
      ViewPosition: 'AP',
      StudyDescription: 'SYNTHETIC newborn chest',
      ImageComments: 'SYNTHETIC. NOT A PATIENT. Research use only. Not for diagnosis.'
    }
  })
}

/**
 * @param end where the pixels begin, or any place between the last identifier and there
 * @returns the bytes up to `end`, with the UIDs and the patient id of film `number` at each call
 */
export function headersLike(
  dicom: Uint8Array,
  end = dicom.length - 2 * COLUMNS * ROWS
): (number: number) => Uint8Array {
  const header = Buffer.from(dicom.subarray(0, end))
  const places: number[] = []
  for (let at = header.indexOf(NUMBER); at >= 0; at = header.indexOf(NUMBER, at + 1)) places.push(at)
  return number => {
    const digits = String(Number(NUMBER) + number)
    for (const at of places) header.write(digits, at, 'latin1')
    return header
  }
}
