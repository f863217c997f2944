/**
 * Optional: every film below the folder that NEOGATE_SAMPLE_DATA names decodes to what independent tools read from it
 * (decode_independently.py: pydicom, DCMTK, GDCM, Pillow), or is refused for a reason that holds.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeFilm, readImageHeader, toRefusal } from '../../../src/core/dicom-intake'
import type { StoredFilm } from '../../../src/core/domain'
import { modalityValues } from '../../../src/core/image-preprocessing'

interface Independent {
  path: string
  stored?: string
  modality?: string
  /** As pydicom and as dcmdump read it; each is wrong about some character sets. */
  names?: (string | null)[]
  error?: string
}

const folder = process.env.NEOGATE_SAMPLE_DATA
if (!folder)
  console.warn('SKIPPED: set NEOGATE_SAMPLE_DATA to a folder of films to compare with independent decoders.')

/** Reasons for which a file may be refused although another tool reads it. */
const NARROWER = ['unsupported-pixels', 'unsupported-transfer-syntax']

function sha256(values: ArrayBufferView): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')
}

function decodeIndependently(paths: string[]): Independent[] {
  const script = join(import.meta.dirname, 'decode_independently.py')
  const { stdout, stderr, status } = spawnSync(script, {
    input: paths.join('\n') + '\n',
    encoding: 'utf8',
    maxBuffer: 2 ** 28
  })
  if (status !== 0) throw new Error(`decode_independently.py failed: ${stderr}`)
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Independent)
}

/** Lossy wavelets and HTJ2K, which the tools decode by other arithmetic or not at all. */
const NOT_COMPARED = ['1.2.840.10008.1.2.4.91', '1.2.840.10008.1.2.4.203']

async function compare(independent: Independent): Promise<string> {
  const { path } = independent
  let film: StoredFilm
  try {
    film = await decodeFilm(path, { anyImage: true })
  } catch (thrown) {
    const { reason } = toRefusal(thrown)
    return independent.stored && !NARROWER.includes(reason) ? `WRONGLY REFUSED: ${reason}` : reason
  }
  const header = await readImageHeader(path)
  const withoutPadding = (name: string | null) => name?.replace(/[=^ ]+$/, '') || null
  const ownName = withoutPadding(header.patientName)
  if (independent.names && !independent.names.map(withoutPadding).includes(ownName)) return 'DIFFERENT NAME'
  if (!independent.stored || NOT_COMPARED.includes(header.transferSyntax ?? ''))
    return 'decoded, not compared'
  if (sha256(Int32Array.from(film.values)) !== independent.stored) return 'DIFFERENT PIXELS'
  if (independent.modality && sha256(modalityValues(film)) !== independent.modality)
    return 'DIFFERENT MODALITY VALUES'
  return 'equal'
}

describe.skipIf(!folder)('sample data', () => {
  it('decodes as other tools do', { timeout: 1_800_000 }, async () => {
    const paths = readdirSync(folder!, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /\.(dcm|png|jpe?g|tiff?)$/i.test(entry.name))
      .map(entry => join(entry.parentPath, entry.name))
      .sort()
    const outcomes: Record<string, string[]> = {}
    for (const independent of decodeIndependently(paths)) {
      const outcome = await compare(independent)
      ;(outcomes[outcome] ??= []).push(independent.path)
    }
    console.info(Object.entries(outcomes).map(([outcome, files]) => `${outcome}: ${files.length}`))
    const wrong = Object.entries(outcomes).filter(([outcome]) => /^[A-Z]/.test(outcome))
    expect(Object.fromEntries(wrong)).toEqual({})
    expect(outcomes.equal).toBeDefined()
  })
})
