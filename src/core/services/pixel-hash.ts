import { createHash } from 'node:crypto'
import type { StoredFilm } from '../domain'
import { canonicalValues } from './canonical-values'

/**
 * SHA-256, hexadecimal, over 'ROWSxCOLUMNS:' and the decoded values as little-endian uint16 (see canonicalValues): equal for
 * the same picture in another file, transfer syntax or header.
 */
export function pixelHash(film: StoredFilm): string {
  const { values } = canonicalValues(film)
  return createHash('sha256')
    .update(`${film.rows}x${film.columns}:`)
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')
}
