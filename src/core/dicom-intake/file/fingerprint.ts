import { createHash } from 'node:crypto'
import type { FileFormat } from './file-format'
import type { SourceFile } from './open-file'

export const END_BYTES = 64 * 1024

/**
 * SHA-256 (hex) that stands for a file's content, see docs/decisions/0002-film-identity.md: over the size in decimal, a
 * colon, and for DICOM the first and the last 64 KiB, for other formats all bytes.
 * @param head the first min(64 KiB, size) bytes
 */
export function fingerprint(file: SourceFile, format: FileFormat, head: Uint8Array): string {
  const hash = createHash('sha256').update(`${file.byteSize}:`)
  if (format === 'dicom') {
    hash.update(head.length > END_BYTES ? head.subarray(0, END_BYTES) : head)
    // Read and hashed in one go, so that one buffer does for all files.
    hash.update(
      file.byteSize <= END_BYTES ? head : file.read(file.byteSize - END_BYTES, file.byteSize, lastBytes)
    )
  } else hash.update(file.readAll())
  return hash.digest('hex')
}

const lastBytes = new Uint8Array(END_BYTES)
