/** Why a file was not taken in. The renderer and the CLI have a sentence and a remedy for each, in each language. */
export const REFUSAL_REASONS = [
  'unreadable',
  'empty',
  'not-a-film',
  'truncated',
  'damaged',
  'no-pixels',
  'not-a-radiograph',
  'multi-frame',
  'unsupported-transfer-syntax',
  'unsupported-pixels',
  'too-large',
  'inflates-too-far',
  'time-limit',
  'crashed-decoder',
  'duplicate'
] as const
export type RefusalReason = (typeof REFUSAL_REASONS)[number]

export interface Refusal {
  reason: RefusalReason
  /** One English sentence with the particulars (offset, tag, size), free of patient data. */
  detail: string
  /** DICOM attribute or file part at fault, e.g. 'Rows (0028,0010)'. */
  field?: string
}
