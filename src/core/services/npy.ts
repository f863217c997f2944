import { writeFile } from 'node:fs/promises'
import { fromSystemError } from '../foundation'
import type { PixelArray } from './film-worker'

/** NumPy's .npy, version 1.0: magic, header length, header padded so that the data begin at a multiple of 64. */
export function encodeNpy({ shape, dtype, data }: PixelArray): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dictionary = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${tuple}), }`
  const preamble = 10
  const headerLength = Math.ceil((preamble + dictionary.length + 1) / 64) * 64 - preamble
  const header = Buffer.alloc(preamble + headerLength, ' ')
  header.write('\x93NUMPY', 0, 'latin1')
  header.writeUInt8(1, 6)
  header.writeUInt8(0, 7)
  header.writeUInt16LE(headerLength, 8)
  header.write(dictionary, preamble, 'latin1')
  header.write('\n', preamble + headerLength - 1, 'latin1')
  return Buffer.concat([header, data])
}

/** @throws NeoGateError NOT_FOUND (no such folder), FILE_REFUSED (no permission), DISK_FULL */
export async function writeNpy(file: string, array: PixelArray): Promise<void> {
  await writeFile(file, encodeNpy(array)).catch((error: unknown) => {
    throw fromSystemError(error, file)
  })
}
