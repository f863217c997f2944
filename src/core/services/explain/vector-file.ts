import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fromSystemError } from '../../foundation'
import type { ModelKey } from '../../study-store'
import type { ProjectSession } from '../core-context'

/** Films copied between two turns of the event loop. */
const AT_ONCE = 128
const ID_LENGTH = 26

export interface VectorFile {
  /** Pooled features one after another, float32 in the machine's byte order. */
  file: string
  /** Film of each place. */
  ids: readonly string[]
  /** Films that have features but are not in the file yet. */
  left: number
}

/**
 * A model's pooled features in one file of the cache, so that a search reads them front to back without the database. Features of a
 * film never change under one model, so that films are only ever added; versions of which the head alone was trained share one file.
 * Adds for about `milliseconds`; the next call goes on. Calls of one project must not overlap.
 * @param kin see `featureKin`
 * @throws NeoGateError DISK_FULL and other system errors
 */
export async function extendVectorFile(
  { studies, cacheFolder }: ProjectSession,
  kin: readonly ModelKey[],
  channels: number,
  milliseconds: number
): Promise<VectorFile> {
  const folder = join(cacheFolder, 'vectors')
  const root = kin.at(-1)!
  const name = `${root.modelHash.slice(0, 16)}-${root.preprocessingHash.slice(0, 16)}`
  const file = join(folder, `${name}.f32`)
  const list = join(folder, `${name}.ids`)
  try {
    await mkdir(folder, { recursive: true })
    const bytes = channels * 4
    const vectors = await open(file, 'a+')
    const names = await open(list, 'a+')
    try {
      // After a crash one of the two may be ahead of the other, or end within a film.
      const whole = Math.floor((await vectors.stat()).size / bytes)
      const listed = Math.floor((await names.stat()).size / (ID_LENGTH + 1))
      const count = Math.min(whole, listed)
      await vectors.truncate(count * bytes)
      await names.truncate(count * (ID_LENGTH + 1))
      const ids = (await readFile(list, 'latin1')).split('\n').slice(0, count)
      const known = new Set(ids)
      const missing = (await studies.withPooled(kin)).filter(id => !known.has(id))
      const end = performance.now() + milliseconds
      let added = 0
      while (added < missing.length && (added === 0 || performance.now() < end)) {
        const asked = missing.slice(added, added + AT_ONCE)
        const pooled = await studies.pooled(kin, asked)
        const found = asked.filter(id => pooled.get(id)?.length === channels)
        const block = new Float32Array(found.length * channels)
        found.forEach((id, i) => block.set(pooled.get(id)!, i * channels))
        await vectors.appendFile(new Uint8Array(block.buffer))
        await names.appendFile(found.map(id => `${id}\n`).join(''))
        ids.push(...found)
        added += asked.length
        await nextTurn()
      }
      return { file, ids, left: missing.length - added }
    } finally {
      await vectors.close()
      await names.close()
    }
  } catch (error) {
    throw fromSystemError(error, file)
  }
}
