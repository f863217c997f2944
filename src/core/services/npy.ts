import { readFile, writeFile } from 'node:fs/promises'
import { fromSystemError, NeoGateError } from '../foundation'
import type { PixelArray } from './film-worker'

/** NumPy's .npy, version 1.0: magic, header length, header padded so that the data begin at a multiple of 64. */
export function encodeNpy({ shape, dtype, data }: PixelArray): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dictionary = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${tuple}), }`
  const preamble = 10
  const headerLength = Math.ceil((preamble + dictionary.length + 1) / 64) * 64 - preamble
  const header = Buffer.alloc(preamble + headerLength, ' ')
  header.write(MAGIC, 0, 'latin1')
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

const MAGIC = '\x93NUMPY'
const HEADER =
  /^\{\s*'descr':\s*'([^']+)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\sL]*)\),?\s*\}\s*$/

/** Element types that are read, all little-endian, with the bytes of one element. */
const ELEMENT_BYTES = { '<f4': 4, '<f8': 8, '|u1': 1, '|i1': 1, '<i2': 2, '<i4': 4, '<i8': 8 } as const
export type NpyType = keyof typeof ELEMENT_BYTES

export interface NpyArray {
  shape: number[]
  dtype: NpyType
  data: Float32Array | Float64Array | Uint8Array | Int8Array | Int16Array | Int32Array | BigInt64Array
}

/**
 * Reads a .npy file of version 1, 2 or 3 in C order.
 * @param field what the array is for, named in errors
 * @throws NeoGateError NOT_FOUND, INVALID_INPUT naming file and field
 */
export async function readNpy(file: string, field: string): Promise<NpyArray> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw fromSystemError(error, file)
  })
  const refused = (problem: string, remedy: string) =>
    new NeoGateError('INVALID_INPUT', `${file} (${field}): ${problem}`, { file, field, remedy })
  const AGAIN = 'Write it again with numpy.save.'

  if (bytes.length < 12 || bytes.toString('latin1', 0, 6) !== MAGIC) {
    throw refused('this is not a .npy file.', AGAIN)
  }
  const [lengthAt, headerAt] = bytes[6] === 1 ? [bytes.readUInt16LE(8), 10] : [bytes.readUInt32LE(8), 12]
  const dataAt = headerAt + lengthAt
  const header = HEADER.exec(bytes.toString('latin1', headerAt, dataAt))
  if (!header || dataAt > bytes.length) throw refused('its header is damaged or cut off.', AGAIN)
  const [, descr, fortran, sizes] = header as unknown as [string, string, string, string]
  if (!Object.hasOwn(ELEMENT_BYTES, descr)) {
    const known = Object.keys(ELEMENT_BYTES).join(', ')
    throw refused(`elements of type ${descr} are not read.`, `Save one of ${known} (ndarray.astype).`)
  }
  if (fortran === 'True') {
    throw refused('it is in Fortran order.', 'Save numpy.ascontiguousarray of it.')
  }
  const dtype = descr as NpyType
  const shape = (sizes.match(/\d+/g) ?? []).map(Number)
  const expected = shape.reduce((product, size) => product * size, 1) * ELEMENT_BYTES[dtype]
  if (bytes.length - dataAt !== expected) {
    const problem = `${bytes.length - dataAt} bytes of data, its shape (${shape.join(', ')}) asks for ${expected}.`
    throw refused(problem, `The file is truncated or damaged. ${AGAIN}`)
  }
  return { shape, dtype, data: elements(dtype, Uint8Array.from(bytes.subarray(dataAt)).buffer) }
}

function elements(dtype: NpyType, buffer: ArrayBuffer): NpyArray['data'] {
  switch (dtype) {
    case '<f4':
      return new Float32Array(buffer)
    case '<f8':
      return new Float64Array(buffer)
    case '|u1':
      return new Uint8Array(buffer)
    case '|i1':
      return new Int8Array(buffer)
    case '<i2':
      return new Int16Array(buffer)
    case '<i4':
      return new Int32Array(buffer)
    case '<i8':
      return new BigInt64Array(buffer)
  }
}
