import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { toError } from '../../foundation'
import { MAX_FILE_BYTES } from '../limits'
import { refuse } from '../refuse'

/**
 * An open regular file; nothing is ever written. Reading blocks: it is done in children that do one call at a time and
 * are ended when a call outlives its limit, and for a header the thread pool takes longer than the reads themselves.
 */
export interface SourceFile {
  byteSize: number
  /** ISO 8601, UTC. */
  modifiedAt: string
  /** Bytes [start, end), cut at the end of the file; in the beginning of `into` where it is given, which must hold them. */
  read(start: number, end: number, into?: Uint8Array): Uint8Array
  /** All bytes. Refuses with 'too-large' above MAX_FILE_BYTES. */
  readAll(): Uint8Array
}

/**
 * Opens a file for the length of `use`. Folders, devices, sockets and pipes are refused without waiting for them:
 * O_NONBLOCK keeps the opening of a pipe from blocking.
 * @throws NeoGateError FILE_REFUSED 'unreadable' | 'empty'
 */
export async function withFile<Result>(
  path: string,
  use: (file: SourceFile) => Promise<Result>
): Promise<Result> {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (thrown) {
    return refuse('unreadable', `The file cannot be opened (${systemCode(thrown)}).`)
  }
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) refuse('unreadable', 'This is not a regular file.')
    if (stats.size === 0) refuse('empty', 'The file has 0 bytes.')
    const read = (start: number, end: number, into?: Uint8Array) => {
      const length = Math.max(0, Math.min(end, stats.size) - start)
      const bytes = into ? into.subarray(0, length) : unwritten(length)
      let filled = 0
      while (filled < length) {
        const count = readPart(file, bytes, filled, start + filled)
        if (count === 0) refuse('unreadable', 'The file became shorter while it was read.')
        filled += count
      }
      return bytes
    }
    return await use({
      byteSize: stats.size,
      modifiedAt: stats.mtime.toISOString(),
      read,
      readAll: () =>
        stats.size > MAX_FILE_BYTES
          ? refuse('too-large', `The file has ${stats.size} bytes; at most ${MAX_FILE_BYTES} are read.`)
          : read(0, stats.size)
    })
  } finally {
    closeSync(file)
  }
}

/** Memory that is filled at once and need not be cleared before. */
function unwritten(length: number): Uint8Array {
  const { buffer, byteOffset } = Buffer.allocUnsafeSlow(length)
  return new Uint8Array(buffer, byteOffset, length)
}

function readPart(file: number, bytes: Uint8Array, filled: number, position: number): number {
  try {
    return readSync(file, bytes, filled, bytes.length - filled, position)
  } catch (thrown) {
    return refuse('unreadable', `The file cannot be read (${systemCode(thrown)}).`)
  }
}

function systemCode(thrown: unknown): string {
  return (toError(thrown) as NodeJS.ErrnoException).code ?? 'unknown error'
}
