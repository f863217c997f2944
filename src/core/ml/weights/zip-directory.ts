import type { FileBytes } from './file-bytes'
import { weightsRefused } from './weight-file'

/**
 * The directory of a ZIP archive (PKWARE APPNOTE 6.3.10), zip64 included, as far as torch.save writes one: entries
 * stored without compression. Sizes and places are taken from the central directory and checked against the file.
 */
export interface ZipEntry {
  readonly name: string
  readonly byteSize: number
  /** Place of the local header. */
  readonly offset: number
}

const END_SIGNATURE = 0x06054b50
const END64_SIGNATURE = 0x06064b50
const END64_LOCATOR_SIGNATURE = 0x07064b50
const CENTRAL_SIGNATURE = 0x02014b50
const LOCAL_SIGNATURE = 0x04034b50
const END_SIZE = 22
const LONGEST_COMMENT = 0xffff
const MAX_DIRECTORY_BYTES = 64 * 2 ** 20

export async function isZip(file: FileBytes): Promise<boolean> {
  if (file.byteSize < END_SIZE) return false
  return view(await file.read(0, 4)).getUint32(0, true) === LOCAL_SIGNATURE
}

/** @throws NeoGateError WEIGHTS_REFUSED when the archive is damaged, compressed, encrypted or names an entry twice */
export async function readZipDirectory(file: FileBytes): Promise<Map<string, ZipEntry>> {
  const { offset, byteSize, count } = await findDirectory(file)
  if (byteSize > MAX_DIRECTORY_BYTES) throw damaged(file, `its directory claims ${byteSize} bytes`)
  const bytes = view(await file.read(offset, byteSize))
  const entries = new Map<string, ZipEntry>()
  let place = 0
  for (let i = 0; i < count; i++) {
    if (place + 46 > byteSize || bytes.getUint32(place, true) !== CENTRAL_SIGNATURE) {
      throw damaged(file, `entry ${i} of its directory is damaged`)
    }
    const nameLength = bytes.getUint16(place + 28, true)
    const extraLength = bytes.getUint16(place + 30, true)
    const end = place + 46 + nameLength + extraLength + bytes.getUint16(place + 32, true)
    if (end > byteSize) throw damaged(file, `entry ${i} of its directory is cut short`)
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + place + 46, nameLength).toString('utf8')
    if (entries.has(name)) throw damaged(file, `'${name}' is in it twice`)
    entries.set(name, readEntry(file, bytes, place, name, nameLength, extraLength))
    place = end
  }
  return entries
}

function readEntry(
  file: FileBytes,
  bytes: DataView,
  place: number,
  name: string,
  nameLength: number,
  extraLength: number
): ZipEntry {
  const flags = bytes.getUint16(place + 8, true)
  const method = bytes.getUint16(place + 10, true)
  if (flags & 1) throw damaged(file, `'${name}' is encrypted`)
  if (method !== 0) {
    throw weightsRefused(file.path, `'${name}' in it is compressed; torch.save stores without compression.`, {
      field: name,
      reason: 'compressed',
      remedy: 'Load the checkpoint in PyTorch and save its state_dict again, or give a .safetensors file.'
    })
  }
  const packedSize = bytes.getUint32(place + 20, true)
  const plainSize = bytes.getUint32(place + 24, true)
  const headerOffset = bytes.getUint32(place + 42, true)
  const wide = zip64Numbers(bytes, place + 46 + nameLength, extraLength)
  // The extra field holds, in this order, only those numbers that are all ones in the entry.
  const byteSize = plainSize === 0xffffffff ? wide() : plainSize
  const stored = packedSize === 0xffffffff ? wide() : packedSize
  const offset = headerOffset === 0xffffffff ? wide() : headerOffset
  // Written so that a missing number (NaN) fails it.
  if (!(stored === byteSize && offset + 30 + byteSize <= file.byteSize)) {
    throw damaged(file, `'${name}' claims ${byteSize} bytes at ${offset}, outside the file`)
  }
  return { name, byteSize, offset }
}

/** Reads the numbers of the zip64 extra field (header id 1) one after the other; NaN when there are no more. */
function zip64Numbers(bytes: DataView, start: number, length: number): () => number {
  let place = start
  while (place + 4 <= start + length) {
    const id = bytes.getUint16(place, true)
    const end = place + 4 + bytes.getUint16(place + 2, true)
    if (id === 1 && end <= start + length) {
      let next = place + 4
      return () => {
        if (next + 8 > end) return NaN
        next += 8
        return Number(bytes.getBigUint64(next - 8, true))
      }
    }
    place = end
  }
  return () => NaN
}

async function findDirectory(file: FileBytes): Promise<{ offset: number; byteSize: number; count: number }> {
  const tailSize = Math.min(file.byteSize, END_SIZE + LONGEST_COMMENT)
  const tail = view(await file.read(file.byteSize - tailSize, tailSize))
  for (let place = tailSize - END_SIZE; place >= 0; place--) {
    if (tail.getUint32(place, true) !== END_SIGNATURE) continue
    const end = {
      count: tail.getUint16(place + 10, true),
      byteSize: tail.getUint32(place + 12, true),
      offset: tail.getUint32(place + 16, true)
    }
    const needs64 = end.count === 0xffff || end.byteSize === 0xffffffff || end.offset === 0xffffffff
    const locator = place - 20
    if (locator >= 0 && tail.getUint32(locator, true) === END64_LOCATOR_SIGNATURE) {
      return readEnd64(file, Number(tail.getBigUint64(locator + 8, true)))
    }
    if (needs64) throw damaged(file, 'its zip64 record is missing')
    return end
  }
  throw damaged(file, 'it has no ZIP directory')
}

async function readEnd64(file: FileBytes, offset: number) {
  const record = view(await file.read(offset, 56))
  if (record.getUint32(0, true) !== END64_SIGNATURE) throw damaged(file, 'its zip64 record is damaged')
  return {
    count: Number(record.getBigUint64(32, true)),
    byteSize: Number(record.getBigUint64(40, true)),
    offset: Number(record.getBigUint64(48, true))
  }
}

/** Where an entry's bytes begin: behind its local header, whose name and extra field have lengths of their own. */
export async function entryStart(file: FileBytes, entry: ZipEntry): Promise<number> {
  const header = view(await file.read(entry.offset, 30))
  if (header.getUint32(0, true) !== LOCAL_SIGNATURE)
    throw damaged(file, `'${entry.name}' has no local header`)
  return entry.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true)
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function damaged(file: FileBytes, problem: string) {
  return weightsRefused(file.path, `the archive is not whole: ${problem}.`, {
    reason: 'damaged',
    remedy: 'Copy or download the file again.'
  })
}
