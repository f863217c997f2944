import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DECODABLE_TRANSFER_SYNTAXES, decodeFilm, readImageHeader } from '../../../src/core/dicom-intake'
import { displayValues, modalityValues } from '../../../src/core/image-preprocessing'
import { readNpy } from './npy'

/** As written by generate.py. */
interface Expected {
  file: string
  how: string
  dtype: string
  shape: [number, number]
  stored?: string
  storedFile?: string
  tolerance?: number
  modality?: string
  display?: string
}

const folder = import.meta.dirname
const films: Expected[] = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
const DTYPES: Record<string, string> = {
  Uint8Array: '|u1',
  Int8Array: '|i1',
  Uint16Array: '<u2',
  Int16Array: '<i2',
  Uint32Array: '<u4',
  Int32Array: '<i4'
}

function sha256(values: ArrayBufferView): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0
  for (let i = 0; i < b.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!))
  return largest
}

describe('pixels equal those of independent decoders', () => {
  it.each(films)('$file ($how)', async expected => {
    const film = await decodeFilm(join(folder, expected.file), { anyImage: true })
    expect([film.rows, film.columns]).toEqual(expected.shape)
    expect(DTYPES[film.values.constructor.name]).toBe(expected.dtype)
    if (expected.storedFile) {
      const stored = readNpy(join(folder, expected.storedFile))
      expect(film.values).toHaveLength(stored.length)
      expect(largestDifference(film.values, stored)).toBeLessThanOrEqual(expected.tolerance!)
    } else expect(sha256(film.values)).toBe(expected.stored)
    if (expected.modality) expect(sha256(modalityValues(film))).toBe(expected.modality)
    if (expected.display) {
      const display = readNpy(join(folder, expected.display))
      const shown = displayValues(film)
      expect(shown).toHaveLength(display.length)
      expect(largestDifference(shown, display)).toBeLessThan(1e-6)
    }
  })

  it('covers every transfer syntax that is decoded', async () => {
    const covered = new Set<string | null>()
    for (const { file } of films) covered.add((await readImageHeader(join(folder, file))).transferSyntax)
    // HTJ2K with RPCL progression differs from plain HTJ2K in the order of its packets only
    expect(DECODABLE_TRANSFER_SYNTAXES.filter(uid => !covered.has(uid))).toEqual(['1.2.840.10008.1.2.4.202'])
  })
})
