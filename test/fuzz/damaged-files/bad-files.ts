import { deflateRawSync } from 'node:zlib'

/** Builders of files that are wrong in one way each; every one begins with a good film. */

const PREAMBLE = 132

/** Position of the value of an explicit-VR little-endian element with a 16-bit length, and that length. */
function shortElement(film: Uint8Array, group: number, element: number, vr: string) {
  const needle = Buffer.from([group & 255, group >> 8, element & 255, element >> 8, ...Buffer.from(vr)])
  const at = Buffer.from(film).indexOf(needle, PREAMBLE)
  if (at < 0) throw new Error(`No element ${group.toString(16)},${element.toString(16)} ${vr}`)
  return { lengthAt: at + 6, valueAt: at + 8 }
}

/** Writes a US value, e.g. Rows (0028,0010). */
export function withUint16(film: Uint8Array, group: number, element: number, value: number): Uint8Array {
  const copy = Uint8Array.from(film)
  new DataView(copy.buffer).setUint16(shortElement(film, group, element, 'US').valueAt, value, true)
  return copy
}

/** Position of the 32-bit length of Pixel Data (7FE0,0010), explicit VR little endian. */
export function pixelDataLengthAt(film: Uint8Array): number {
  const bytes = Buffer.from(film)
  const at = Math.max(
    bytes.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x57])),
    bytes.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42]))
  )
  if (at < 0) throw new Error('No Pixel Data')
  return at + 8
}

/** Position of the last tag (7FE0,0010) in either byte order; 0 where it cannot be seen (deflated). */
export function pixelDataTagAt(film: Uint8Array): number {
  const tags = [
    [0xe0, 0x7f, 0x10, 0x00],
    [0x7f, 0xe0, 0x00, 0x10]
  ]
  return Math.max(0, ...tags.map(tag => Buffer.from(film).lastIndexOf(Buffer.from(tag))))
}

export function withUint32At(film: Uint8Array, position: number, value: number): Uint8Array {
  const copy = Uint8Array.from(film)
  new DataView(copy.buffer).setUint32(position, value, true)
  return copy
}

/** Shortens the one fragment of a film to a share of it; the file around it stays whole. */
export function withShortFragment(film: Uint8Array, share: number): Uint8Array {
  const bytes = Buffer.from(film)
  const offsetTableAt = pixelDataLengthAt(film) + 4
  const lengthAt = offsetTableAt + 8 + bytes.readUInt32LE(offsetTableAt + 4) + 4
  const length = 2 * Math.floor((bytes.readUInt32LE(lengthAt) * share) / 2)
  const delimiter = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0])
  const shortened = Buffer.concat([bytes.subarray(0, lengthAt + 4 + length), delimiter])
  shortened.writeUInt32LE(length, lengthAt)
  return shortened
}

/** Preamble, 'DICM' and File Meta Information with a transfer syntax, explicit VR little endian. */
function part10Header(transferSyntax: string): Buffer {
  const uid = Buffer.from(transferSyntax.padEnd(transferSyntax.length + (transferSyntax.length % 2), '\0'))
  const element = Buffer.concat([Buffer.from([0x02, 0, 0x10, 0, 0x55, 0x49, uid.length, 0]), uid])
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), element])
}

/** A deflated data set of zeros that inflates to `bytes`. */
export function deflateBomb(bytes: number): Uint8Array {
  return Buffer.concat([
    part10Header('1.2.840.10008.1.2.1.99'),
    deflateRawSync(Buffer.alloc(bytes), { level: 9 })
  ])
}

/** Sequences of undefined length, `depth` deep, none of which ends. */
export function nestedSequences(depth: number): Uint8Array {
  const sequence = [0x08, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff]
  const item = [0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff]
  const level = Buffer.from([...sequence, ...item])
  return Buffer.concat([part10Header('1.2.840.10008.1.2.1'), ...Array<Buffer>(depth).fill(level)])
}

/** An element with a 32-bit length that lies (UN, private group). */
export function lyingLength(length: number): Uint8Array {
  const element = Buffer.from([0x09, 0, 0x10, 0x10, 0x55, 0x4e, 0, 0, 0, 0, 0, 0])
  element.writeUInt32LE(length, 8)
  return Buffer.concat([part10Header('1.2.840.10008.1.2.1'), element, Buffer.alloc(64)])
}

/** A PNG whose header declares `side` x `side` pixels and whose data are a few zeros. */
export function hugePng(side: number, crc32: (bytes: Uint8Array) => number): Uint8Array {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const framed = Buffer.alloc(body.length + 8)
    framed.writeUInt32BE(data.length, 0)
    body.copy(framed, 4)
    framed.writeUInt32BE(crc32(body), body.length + 4)
    return framed
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const zlibZeros = Buffer.from([0x78, 0x9c, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01])
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', zlibZeros),
    chunk('IEND', Buffer.alloc(0))
  ])
}

/** CRC-32 of PNG (ISO 3309). */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
