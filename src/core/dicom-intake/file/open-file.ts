import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { toError } from '../../foundation'
import { MAX_FILE_BYTES } from '../limits'
import { refuse } from '../refuse'

/** An open regular file; nothing is ever written. */
export interface SourceFile {
  byteSize: number
  /** ISO 8601, UTC. */
  modifiedAt: string
  /** Bytes [start, end), cut at the end of the file. */
  read(start: number, end: number): Promise<Uint8Array>
  /** All bytes. Refuses with 'too-large' above MAX_FILE_BYTES. */
  readAll(): Promise<Uint8Array>
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
  let handle: FileHandle
  try {
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (thrown) {
    return refuse('unreadable', `The file cannot be opened (${systemCode(thrown)}).`)
  }
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) refuse('unreadable', 'This is not a regular file.')
    if (stats.size === 0) refuse('empty', 'The file has 0 bytes.')
    const read = async (start: number, end: number) => {
      const length = Math.max(0, Math.min(end, stats.size) - start)
      const bytes = new Uint8Array(length)
      let filled = 0
      while (filled < length) {
        const { bytesRead } = await handle
          .read(bytes, filled, length - filled, start + filled)
          .catch(thrown => refuse('unreadable', `The file cannot be read (${systemCode(thrown)}).`))
        if (bytesRead === 0) refuse('unreadable', 'The file became shorter while it was read.')
        filled += bytesRead
      }
      return bytes
    }
    return await use({
      byteSize: stats.size,
      modifiedAt: stats.mtime.toISOString(),
      read,
      readAll: async () =>
        stats.size > MAX_FILE_BYTES
          ? refuse('too-large', `The file has ${stats.size} bytes; at most ${MAX_FILE_BYTES} are read.`)
          : read(0, stats.size)
    })
  } finally {
    await handle.close()
  }
}

function systemCode(thrown: unknown): string {
  return (toError(thrown) as NodeJS.ErrnoException).code ?? 'unknown error'
}
