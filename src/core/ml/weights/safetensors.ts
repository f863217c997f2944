import { open, rename, rm } from 'node:fs/promises'
import { z } from 'zod'
import { fromSystemError } from '../../foundation'
import { elementCount, type Tensor } from '../graph'
import { toFloat32 } from './element-types'
import { openFileBytes, type FileBytes } from './file-bytes'
import { BYTES_PER_ELEMENT, weightsRefused, type StoredTensor, type WeightFile } from './weight-file'

/**
 * safetensors (https://github.com/huggingface/safetensors, format of 2023): the header's length as uint64 little-endian,
 * a JSON header { name: { dtype, shape, data_offsets: [begin, end] } }, then the tensors' bytes without gaps.
 */
const MAX_HEADER_BYTES = 100_000_000

const size = z.int().nonnegative()
const headerEntry = z.object({
  dtype: z.string(),
  shape: z.array(size),
  data_offsets: z.tuple([size, size])
})
const METADATA_KEY = '__metadata__'

/** @throws NeoGateError WEIGHTS_REFUSED naming what is wrong, before any tensor is read */
export async function openSafetensors(path: string): Promise<WeightFile> {
  const file = await openFileBytes(path)
  try {
    const { entries, metadata, dataStart } = await readHeader(file)
    return {
      format: 'safetensors',
      tensors: entries,
      metadata,
      async read(name) {
        const entry = entries.get(name)
        if (!entry) throw weightsRefused(path, `holds no tensor '${name}'.`, { field: name })
        const bytes = await file.read(dataStart + entry.begin, entry.end - entry.begin)
        return toFloat32(bytes, entry.dtype)
      },
      close: () => file.close()
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

interface Entry extends StoredTensor {
  begin: number
  end: number
}

async function readHeader(file: FileBytes) {
  const { path } = file
  if (file.byteSize < 8)
    throw weightsRefused(path, 'too short for a safetensors file.', { reason: 'truncated' })
  const lengthBytes = await file.read(0, 8)
  const length = Number(new DataView(lengthBytes.buffer).getBigUint64(0, true))
  if (length > MAX_HEADER_BYTES || 8 + length > file.byteSize) {
    throw weightsRefused(path, `its header claims ${length} bytes; this is no safetensors file.`, {
      reason: 'damaged'
    })
  }
  const header = parseHeader(path, await file.read(8, length))
  const dataStart = 8 + length
  const dataSize = file.byteSize - dataStart
  const entries = new Map<string, Entry>()
  let metadata: Record<string, string> = {}
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA_KEY) metadata = parseMetadata(path, value)
    else entries.set(name, parseEntry(path, name, value, dataSize))
  }
  checkLayout(path, entries, dataSize)
  return { entries, metadata, dataStart }
}

function parseHeader(path: string, bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) {
      return header as Record<string, unknown>
    }
  } catch {
    // Falls through to the one refusal below.
  }
  throw weightsRefused(path, 'its header is not a JSON object; this is no safetensors file.', {
    reason: 'damaged'
  })
}

function parseMetadata(path: string, value: unknown): Record<string, string> {
  const parsed = z.record(z.string(), z.string()).safeParse(value)
  if (!parsed.success)
    throw weightsRefused(path, `${METADATA_KEY} may hold only text.`, { field: METADATA_KEY })
  return parsed.data
}

function parseEntry(path: string, name: string, value: unknown, dataSize: number): Entry {
  const refuse = (problem: string) =>
    weightsRefused(path, `tensor '${name}' ${problem}`, { field: name, reason: 'damaged' })
  const parsed = headerEntry.safeParse(value)
  if (!parsed.success) throw refuse('has a malformed entry in the header.')
  const { dtype, shape, data_offsets } = parsed.data
  if (!Object.hasOwn(BYTES_PER_ELEMENT, dtype))
    throw refuse(`has element type ${dtype}, which is not read here.`)
  const known = dtype as StoredTensor['dtype']
  const [begin, end] = data_offsets
  if (begin > end || end > dataSize)
    throw refuse(`lies at ${begin}..${end}, outside the ${dataSize} bytes of data.`)
  const expected = elementCount(shape) * BYTES_PER_ELEMENT[known]
  if (end - begin !== expected) throw refuse(`has ${end - begin} bytes, its shape asks for ${expected}.`)
  return { dtype: known, shape, begin, end }
}

/** The format allows neither gaps nor overlaps, so that nothing can hide in a file. */
function checkLayout(path: string, entries: ReadonlyMap<string, Entry>, dataSize: number): void {
  let place = 0
  for (const [name, { begin, end }] of [...entries].sort(
    ([, a], [, b]) => a.begin - b.begin || a.end - b.end
  )) {
    if (begin !== place) {
      const problem = `tensor '${name}' ${begin < place ? 'overlaps another' : 'leaves a gap before it'}.`
      throw weightsRefused(path, problem, { field: name, reason: 'damaged' })
    }
    place = end
  }
  if (place !== dataSize) {
    throw weightsRefused(path, `${dataSize - place} bytes belong to no tensor.`, { reason: 'damaged' })
  }
}

/**
 * Writes float32 tensors in the order given; the file appears whole or not at all.
 * @throws NeoGateError DISK_FULL and other system errors
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {}
): Promise<void> {
  const header: Record<string, unknown> = { [METADATA_KEY]: metadata }
  let place = 0
  for (const [name, { dtype, shape, data }] of tensors) {
    if (dtype !== 'float32')
      throw weightsRefused(path, `cannot write ${dtype} tensor '${name}'.`, { field: name })
    header[name] = { dtype: 'F32', shape, data_offsets: [place, place + data.byteLength] }
    place += data.byteLength
  }
  const json = Buffer.from(JSON.stringify(header), 'utf8')
  // Padded so that the data begin at a multiple of eight bytes.
  const start = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ')
  start.writeBigUInt64LE(BigInt(start.length - 8))
  json.copy(start, 8)

  const partial = `${path}.partial`
  try {
    const handle = await open(partial, 'w')
    try {
      await handle.writeFile(start)
      for (const { data } of tensors.values()) {
        await handle.writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw fromSystemError(error, path)
  }
}
