/**
 * Megabytes of decoded pixels per second and transfer syntax of one 3.1-megapixel 12-bit film, against the dcmtk or gdcm
 * command that decodes the same file. NeoGate's decoder runs in this process, which reads the file each time; the command
 * is timed as a whole process that starts, reads, decodes and writes a file; the row of the uncompressed film says how
 * much of that is not decoding. Then model inputs of 512 x 512 per second from the uncompressed film.
 *
 *   npm run bench -- decode [ROUNDS]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeFilm } from '../../src/core/dicom-intake'
import { modelInput } from '../../src/core/image-preprocessing'
import { filmWorker } from '../../src/core/services/film-worker'
import { command, filmChildren, hasTool, inTurn, median, timesFaster } from './support/measure'
import { COLUMNS, ROWS, syntheticDicom, syntheticValues } from './support/synthetic-film'

const MEGABYTES = (2 * COLUMNS * ROWS) / 1e6
const SIZE = 512
const CHILDREN = 2
const INPUTS = 20

interface Case {
  name: string
  /** Command and options; input and output follow. */
  encode: readonly [string, ...string[]]
  decode: readonly [string, ...string[]]
  lossy?: true
}

const CASES: readonly Case[] = [
  { name: 'Explicit VR Little Endian', encode: ['dcmconv', '+te'], decode: ['dcmconv', '+te'] },
  { name: 'Deflated Explicit VR', encode: ['dcmconv', '+td'], decode: ['dcmconv', '+te'] },
  { name: 'RLE Lossless', encode: ['dcmcrle'], decode: ['dcmdrle'] },
  { name: 'JPEG Lossless, process 14 SV1', encode: ['dcmcjpeg', '+e1'], decode: ['dcmdjpeg'] },
  { name: 'JPEG Extended, 12 bits', encode: ['dcmcjpeg', '+ee'], decode: ['dcmdjpeg'], lossy: true },
  { name: 'JPEG-LS Lossless', encode: ['dcmcjpls'], decode: ['dcmdjpls'] },
  { name: 'JPEG 2000 Lossless', encode: ['gdcmconv', '--j2k'], decode: ['gdcmconv', '--raw'] }
]

async function requireSamePixels(path: string, values: Uint16Array): Promise<void> {
  const film = await decodeFilm(path)
  if (film.values.some((value, i) => value !== values[i])) throw new Error('The decoded pixels differ')
}

const rounds = Number(process.argv[2] ?? 9)
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`'${process.argv[2]}' is not a number`)

const folder = await mkdtemp(join(tmpdir(), 'neogate-bench-decode-'))
const pool = filmChildren(CHILDREN)
try {
  const values = syntheticValues()
  const native = join(folder, 'native.dcm')
  await writeFile(native, await syntheticDicom(values))

  console.log(`${COLUMNS} x ${ROWS}, 12 bits in 16, median of ${rounds} rounds in turn`)
  console.log(
    `${'transfer syntax'.padEnd(32)}${'NeoGate MB/s'.padEnd(15)}${'command'.padEnd(17)}${'MB/s'.padEnd(9)}times faster`
  )
  for (const { name, encode, decode, lossy } of CASES) {
    const [encoder, ...encoderOptions] = encode
    const [decoder, ...decoderOptions] = decode
    if (!hasTool(encoder) || !hasTool(decoder)) continue
    const encoded = join(folder, 'encoded.dcm')
    await command(encoder, [...encoderOptions, native, encoded])
    if (!lossy) await requireSamePixels(encoded, values)
    const seconds = await inTurn(
      {
        own: () => decodeFilm(encoded),
        tool: () => command(decoder, [...decoderOptions, encoded, join(folder, 'decoded.dcm')])
      },
      rounds
    )
    const speed = (times: number[]) => (MEGABYTES / median(times)).toFixed(0)
    console.log(
      name.padEnd(32) +
        speed(seconds.own).padEnd(15) +
        decode.join(' ').padEnd(17) +
        speed(seconds.tool).padEnd(9) +
        timesFaster(seconds.own, seconds.tool).toFixed(2)
    )
  }

  const worker = filmWorker(pool)
  await Promise.all(Array.from({ length: 2 * CHILDREN }, () => worker.modelInput(native, SIZE)))
  const seconds = await inTurn(
    {
      here: async () => {
        for (let i = 0; i < INPUTS; i++) modelInput(await decodeFilm(native), SIZE)
      },
      children: () => Promise.all(Array.from({ length: INPUTS }, () => worker.modelInput(native, SIZE)))
    },
    3
  )
  const perSecond = (times: number[]) => (INPUTS / median(times)).toFixed(1)
  console.log(`model inputs ${SIZE} x ${SIZE} per second, uncompressed film, reading and decoding included:`)
  console.log(
    `  this process ${perSecond(seconds.here)}, ${CHILDREN} children ${perSecond(seconds.children)}`
  )
} finally {
  pool.close()
  await rm(folder, { recursive: true, force: true })
}
