import { createHash } from 'node:crypto'
import type { FileFormat } from './file-format'
import type { SourceFile } from './open-file'

export const END_BYTES = 64 * 1024

/**
 * SHA-256 (hex) that stands for a file's content, see docs/decisions/0002-film-identity.md: over the size in decimal, a
 * colon, and for DICOM the first and the last 64 KiB, for other formats all bytes.
 * @param head the first min(64 KiB, size) bytes
 */
export async function fingerprint(file: SourceFile, format: FileFormat, head: Uint8Array): Promise<string> {
  const hash = createHash('sha256').update(`${file.byteSize}:`)
  if (format === 'dicom') {
    const tail = file.byteSize <= END_BYTES ? head : await file.read(file.byteSize - END_BYTES, file.byteSize)
    hash.update(head.subarray(0, END_BYTES)).update(tail)
  } else hash.update(await file.readAll())
  return hash.digest('hex')
}
