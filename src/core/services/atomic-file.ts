import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { fromSystemError } from '../foundation'

/**
 * Replaces a file so that after a crash or a power cut there is either the old content or the new, never half of it.
 * @throws NeoGateError DISK_FULL, FILE_REFUSED, NOT_FOUND
 */
export async function writeFileAtomically(file: string, content: string | Uint8Array): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const handle = await open(draft, 'w')
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw fromSystemError(error, file)
  }
}
