import { refuse } from '../refuse'

export type FileFormat = 'dicom' | 'png' | 'jpeg' | 'tiff'

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/**
 * Tells the format from the first bytes; names and extensions are never looked at. DICOM without a preamble is known by
 * a first element of group 0002 or 0008, in either byte order, whose length makes sense.
 * @param head the first bytes of the file, 512 or more where it has them
 * @throws NeoGateError FILE_REFUSED 'not-a-film'
 */
export function fileFormat(head: Uint8Array): FileFormat {
  const startsWith = (signature: number[], at = 0) => signature.every((byte, i) => head[at + i] === byte)
  if (startsWith([0x44, 0x49, 0x43, 0x4d], 128)) return 'dicom'
  if (startsWith(PNG)) return 'png'
  if (startsWith([0xff, 0xd8, 0xff])) return 'jpeg'
  if (startsWith([0x49, 0x49, 0x2a, 0x00]) || startsWith([0x4d, 0x4d, 0x00, 0x2a])) return 'tiff'
  if (startsWithDicomElement(head)) return 'dicom'
  return refuse('not-a-film', 'The content is neither DICOM nor PNG, JPEG or TIFF.', 'first bytes')
}

/** True where the bytes begin with an element of group 0002 or 0008 that is at most 1024 bytes long. */
function startsWithDicomElement(head: Uint8Array): boolean {
  if (head.length < 8) return false
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const isExplicit = /^[A-Z]{2}$/.test(String.fromCharCode(head[4]!, head[5]!))
  for (const littleEndian of [true, false]) {
    const group = view.getUint16(0, littleEndian)
    if (group !== 0x0002 && group !== 0x0008) continue
    const length = isExplicit ? view.getUint16(6, littleEndian) : view.getUint32(4, littleEndian)
    if (length <= 1024 && (isExplicit || littleEndian)) return true
  }
  return false
}
