import { readFileSync } from 'node:fs'

/** Elements of a little-endian .npy file of type <f4 or <u2 (NumPy format 1.0). */
export function readNpy(path: string): Float32Array | Uint16Array {
  const file = readFileSync(path)
  const headerEnd = 10 + file.readUInt16LE(8)
  const header = file.toString('latin1', 10, headerEnd)
  const data = Uint8Array.from(file.subarray(headerEnd)).buffer
  if (header.includes("'<f4'")) return new Float32Array(data)
  if (header.includes("'<u2'")) return new Uint16Array(data)
  throw new TypeError(`${path}: neither <f4 nor <u2`)
}
