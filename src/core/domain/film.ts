/**
 * Pixels of one film as stored in its file, and what is needed to turn them into display values. Rows run from the top
 * of the image, columns from its left; pixels are row-major, one sample per pixel.
 */
export type StoredValues =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array

/** PS3.3 C.11.1: stored value -> modality value. */
export type ModalityTransform =
  | { kind: 'rescale'; slope: number; intercept: number; unit: string | null }
  | { kind: 'lut'; firstMapped: number; bits: number; values: Uint16Array; unit: string | null }

/** PS3.3 C.11.2: modality value -> display value. A film may offer several; the first is the default. */
export type VoiTransform =
  | {
      kind: 'window'
      center: number
      width: number
      function: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID'
      explanation: string | null
    }
  | { kind: 'lut'; firstMapped: number; bits: number; values: Uint16Array; explanation: string | null }

/** Millimetres per pixel and where the figure comes from. */
export interface PixelSpacing {
  rowMm: number
  columnMm: number
  source: 'PixelSpacing' | 'ImagerPixelSpacing' | 'NominalScannedPixelSpacing' | 'PhysicalPixelDensity'
  /** True where the file says that the spacing was corrected for magnification or calibrated; null: unknown. */
  calibrated: boolean | null
}

export interface StoredFilm {
  rows: number
  columns: number
  values: StoredValues
  bitsStored: number
  signed: boolean
  /** After decoding: colour files have been reduced to luminance and count as MONOCHROME2. */
  photometric: 'MONOCHROME1' | 'MONOCHROME2'
  colour: boolean
  modality: ModalityTransform
  voi: VoiTransform[]
  spacing: PixelSpacing | null
  /** Stored values at or below/above which a pixel is padding, not anatomy (0028,0120/0121), or null. */
  padding: { low: number; high: number } | null
}

/** What a file says of itself, read without decoding its pixels. Absent fields are null, never guessed. */
export interface FilmHeader {
  format: 'dicom' | 'png' | 'jpeg' | 'tiff'
  rows: number
  columns: number
  frames: number
  bitsStored: number
  samplesPerPixel: number
  photometric: string
  transferSyntax: string | null
  sopClassUid: string | null
  sopInstanceUid: string | null
  studyInstanceUid: string | null
  seriesInstanceUid: string | null
  modality: string | null
  /** Character-set-correct; patient data: never logged. */
  patientId: string | null
  patientName: string | null
  sex: 'M' | 'F' | 'O' | null
  institution: string | null
  /** ISO 8601 local date-time without zone unless the file gives one, or null. */
  acquiredAt: string | null
  birthAt: string | null
  viewPosition: string | null
  bodyPart: string | null
  windows: { center: number; width: number }[]
  spacing: PixelSpacing | null
  burnedInAnnotation: boolean | null
}
