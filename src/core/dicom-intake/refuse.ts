import type { Refusal, RefusalReason } from '../domain'
import { NeoGateError, toError } from '../foundation'

const REMEDIES: Partial<Record<RefusalReason, string>> = {
  unreadable: 'Check that the file exists and that you may read it.',
  truncated: 'Copy or export the file again from its source.',
  damaged: 'Copy or export the file again from its source.',
  'too-large': 'Export the film at its detector size.',
  'multi-frame': 'Export the wanted frame as a single-frame image.',
  'unsupported-transfer-syntax': 'Export the film uncompressed (Explicit VR Little Endian).'
}

/**
 * Refuses a file.
 * @param detail one sentence with the particulars (tag, offset, size), free of patient data
 * @param field attribute or file part at fault, e.g. 'Rows (0028,0010)'
 */
export function refuse(reason: RefusalReason, detail: string, field?: string): never {
  throw new NeoGateError('FILE_REFUSED', detail, { reason, field, remedy: REMEDIES[reason] })
}

/** The refusal that an error stands for; anything that is no refusal is put down to damage in the file. */
export function toRefusal(thrown: unknown): Refusal {
  if (thrown instanceof NeoGateError && thrown.code === 'FILE_REFUSED' && thrown.detail.reason) {
    const { reason, field } = thrown.detail
    return { reason: reason as RefusalReason, detail: thrown.message, ...(field ? { field } : {}) }
  }
  return { reason: 'damaged', detail: `The file could not be understood: ${toError(thrown).message}.` }
}

/** Reads one file, so that whatever a library throws leaves as a refusal that names the file. */
export async function refusing<Result>(file: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (thrown) {
    const { reason, detail, field } = toRefusal(thrown)
    const remedy = REMEDIES[reason]
    throw new NeoGateError('FILE_REFUSED', detail, { file, reason, field, remedy }, { cause: thrown })
  }
}
