import { open } from 'node:fs/promises'
import { fromSystemError } from '../../foundation'
import { weightsRefused } from './weight-file'

/** A file read by place, so that a checkpoint of gigabytes costs only what is taken from it. */
export interface FileBytes {
  readonly path: string
  readonly byteSize: number
  /** @throws NeoGateError WEIGHTS_REFUSED 'truncated' when the file ends before */
  read(offset: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** Reads of one call; larger ones would pass what Node reads at once. */
const CHUNK = 2 ** 30

export async function openFileBytes(path: string): Promise<FileBytes> {
  try {
    const handle = await open(path, 'r')
    const { size: byteSize } = await handle.stat()
    return {
      path,
      byteSize,
      async read(offset, length) {
        if (!Number.isSafeInteger(offset) || offset < 0 || length < 0 || offset + length > byteSize) {
          throw weightsRefused(path, `the file ends before byte ${offset + length}; it has ${byteSize}.`, {
            reason: 'truncated',
            remedy: 'Copy or download the file again.'
          })
        }
        const bytes = new Uint8Array(length)
        let done = 0
        while (done < length) {
          const { bytesRead } = await handle.read(bytes, done, Math.min(CHUNK, length - done), offset + done)
          if (bytesRead === 0) throw weightsRefused(path, 'the file became shorter while it was read.')
          done += bytesRead
        }
        return bytes
      },
      close: () => handle.close()
    }
  } catch (error) {
    throw fromSystemError(error, path)
  }
}
