import { execFileSync } from 'node:child_process'
import { mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeFilm, readFilmFile, toRefusal } from '../../../src/core/dicom-intake'
import { REFUSAL_REASONS } from '../../../src/core/domain'
import { NeoGateError, createRandom } from '../../../src/core/foundation'
import {
  crc32,
  deflateBomb,
  hugePng,
  lyingLength,
  nestedSequences,
  pixelDataLengthAt,
  pixelDataTagAt,
  withUint16,
  withShortFragment,
  withUint32At
} from './bad-files'

const GOLDEN = join(import.meta.dirname, '../../golden/pixels/films')
const film = (name: string) => Uint8Array.from(readFileSync(join(GOLDEN, `${name}.dcm`)))

/** One film per way of coding pixels and data sets. */
const KINDS = [
  'explicit-12',
  'implicit-16-signed',
  'big-endian-12',
  'deflated-12',
  'rle-16',
  'jpeg-baseline-8',
  'jpeg-extended-12',
  'jpeg-lossless-70-12',
  'jpeg-ls-lossless-12',
  'jpeg-2000-lossless-12',
  'htj2k-lossless-12'
]

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'neogate-damaged-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function put(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

/** The reason a step fails for; any other failure than a refusal that names the file fails the test. */
async function reasonOf(step: Promise<unknown>, path: string): Promise<string | null> {
  try {
    await step
    return null
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(NeoGateError)
    const error = thrown as NeoGateError
    expect(error.code).toBe('FILE_REFUSED')
    expect(error.detail.file).toBe(path)
    expect(REFUSAL_REASONS).toContain(error.detail.reason)
    expect(error.message).toMatch(/^[A-Z].*\.$/s)
    return toRefusal(thrown).reason
  }
}

async function reasons(path: string) {
  return [await reasonOf(readFilmFile(path), path), await reasonOf(decodeFilm(path), path)]
}

async function expectGoodFilmStillDecodes() {
  const path = join(GOLDEN, 'jpeg-ls-lossless-12.dcm')
  const native = await decodeFilm(join(GOLDEN, 'explicit-12.dcm'))
  expect((await decodeFilm(path)).values).toEqual(native.values)
}

describe('truncated films are refused', () => {
  it.each(KINDS)('%s, cut at 48 places', async kind => {
    const whole = film(kind)
    const pixelDataAt = pixelDataTagAt(whole)
    for (let cut = 1; cut <= 48; cut++) {
      const length = Math.floor((whole.length * cut) / 49)
      const path = put('truncated.dcm', whole.subarray(0, length))
      for (const reason of await reasons(path)) {
        const place = `${kind} cut at ${length} of ${whole.length}`
        if (pixelDataAt > 0 && length > pixelDataAt) expect(reason, place).toBe('truncated')
        else expect(['truncated', 'no-pixels', 'not-a-film'], place).toContain(reason)
      }
    }
    await expectGoodFilmStillDecodes()
  })

  it.each(['explicit-12', 'jpeg-ls-lossless-12'])('%s without its last byte', async kind => {
    expect(await reasons(put('short.dcm', film(kind).subarray(0, -1)))).toEqual(['truncated', 'truncated'])
  })

  it.each(['png', 'jpeg', 'tiff'] as const)('%s cut in half', async format => {
    const native = await decodeFilm(join(GOLDEN, 'explicit-8.dcm'))
    const raw = { width: native.columns, height: native.rows, channels: 1 as const }
    const whole = await sharp(native.values as Uint8Array, { raw })
      .toFormat(format)
      .toBuffer()
    const path = put(`half.${format}`, whole.subarray(0, whole.length / 2))
    expect(['truncated', 'damaged']).toContain(await reasonOf(decodeFilm(path), path))
  })
})

describe('compressed streams that end early in a whole file are refused, never filled up', () => {
  it.each(KINDS.slice(KINDS.indexOf('rle-16')))('%s', async kind => {
    for (const share of [0.1, 0.3, 0.6, 0.9, 0.97]) {
      const path = put('early.dcm', withShortFragment(film(kind), share))
      expect(['truncated', 'damaged'], `${kind}, ${share}`).toContain(await reasonOf(decodeFilm(path), path))
    }
    await expectGoodFilmStillDecodes()
  })
})

describe('bytes changed at random', () => {
  it.each(KINDS)('%s: refused or decoded, and nothing else suffers', async kind => {
    const whole = film(kind)
    const random = createRandom(20, kind)
    for (let trial = 0; trial < 40; trial++) {
      const changed = Uint8Array.from(whole)
      for (let i = random.integer(1, 12); i > 0; i--) {
        changed[random.integer(132, whole.length - 1)] = random.integer(0, 255)
      }
      await reasons(put('changed.dcm', changed))
    }
    await expectGoodFilmStillDecodes()
  })

  it('random bytes, with and without a DICOM prefix', async () => {
    const random = createRandom(21)
    for (let trial = 0; trial < 60; trial++) {
      const bytes = Uint8Array.from({ length: random.integer(1, 3000) }, () => random.integer(0, 255))
      if (trial % 2 === 1 && bytes.length > 140) bytes.set(Buffer.from('DICM\x02\0\x10\0UI'), 128)
      for (const reason of await reasons(put('random', bytes))) expect(reason).not.toBeNull()
    }
  })
})

describe('one thing wrong', () => {
  const good = film('explicit-12')
  const cases: [string, () => Uint8Array | string, string][] = [
    ['an empty file', () => '', 'empty'],
    ['text named .dcm', () => 'patient;birth weight\n', 'not-a-film'],
    [
      '65535 x 65535 declared',
      () => withUint16(withUint16(good, 0x28, 0x10, 65535), 0x28, 0x11, 65535),
      'too-large'
    ],
    ['Rows 0', () => withUint16(good, 0x28, 0x10, 0), 'damaged'],
    ['more Rows than pixels', () => withUint16(good, 0x28, 0x10, 49), 'damaged'],
    ['Bits Allocated 12', () => withUint16(good, 0x28, 0x100, 12), 'unsupported-pixels'],
    ['Bits Stored 17', () => withUint16(good, 0x28, 0x101, 17), 'damaged'],
    ['Samples per Pixel 3 of MONOCHROME2', () => withUint16(good, 0x28, 0x02, 3), 'unsupported-pixels'],
    [
      'Pixel Data of 0xFFFFFFF0 bytes',
      () => withUint32At(good, pixelDataLengthAt(good), 0xfffffff0),
      'truncated'
    ],
    [
      'native Pixel Data of undefined length',
      () => withUint32At(good, pixelDataLengthAt(good), 0xffffffff),
      'damaged'
    ],
    ['an element of 0xFFFFFFF0 bytes', () => lyingLength(0xfffffff0), 'damaged'],
    ['an element of 5000 bytes, 64 left', () => lyingLength(5000), 'truncated'],
    ['a deflated data set of 300 MB', () => deflateBomb(300e6), 'inflates-too-far'],
    ['20,000 nested sequences', () => nestedSequences(20_000), 'truncated'],
    ['a PNG of 30000 x 30000', () => hugePng(30_000, crc32), 'too-large']
  ]
  it.each(cases)('%s', async (_, make, reason) => {
    expect(await reasons(put('wrong.dcm', make()))).toEqual([reason, reason])
  })

  it('a frame whose own size is not that of the header, before it is decoded', async () => {
    const path = put('mismatch.dcm', withUint16(film('jpeg-ls-lossless-12'), 0x28, 0x10, 40))
    expect(await reasonOf(decodeFilm(path), path)).toBe('damaged')
  })

  it('a fragment longer than the file', async () => {
    const whole = film('jpeg-ls-lossless-12')
    const fragmentLengthAt =
      pixelDataLengthAt(whole) + 4 + 8 + Buffer.from(whole).readUInt32LE(pixelDataLengthAt(whole) + 8) + 4
    const path = put('fragment.dcm', withUint32At(whole, fragmentLengthAt, 0xfffffff0))
    expect(await reasons(path)).toEqual(['truncated', 'truncated'])
  })

  it('a spoiled JPEG-LS frame is refused and does not spoil the next', async () => {
    const whole = film('jpeg-ls-lossless-12')
    const middle = Math.floor((pixelDataLengthAt(whole) + whole.length) / 2)
    for (let trial = 0; trial < 5; trial++) {
      const spoiled = Uint8Array.from(whole).fill(0xff, middle - 40 * trial, middle + 60)
      const path = put('spoiled.dcm', spoiled)
      expect(await reasonOf(decodeFilm(path), path)).toBe('damaged')
      await expectGoodFilmStillDecodes()
    }
  })
})

describe('things that are no readable file', () => {
  it('a folder, a dangling link, a pipe and a device are refused at once', async () => {
    const paths = ['folder', 'dangling', 'pipe', 'device'].map(name => join(folder, name))
    mkdirSync(paths[0]!)
    symlinkSync(join(folder, 'nowhere'), paths[1]!)
    execFileSync('mkfifo', [paths[2]!])
    symlinkSync('/dev/zero', paths[3]!)
    for (const path of paths) expect(await reasons(path)).toEqual(['unreadable', 'unreadable'])
  })
})

describe('the content decides, not the name', () => {
  it('takes a DICOM film named .png and a PNG named .dcm', async () => {
    const dicom = put('film.png', film('explicit-12'))
    expect((await readFilmFile(dicom)).header.format).toBe('dicom')
    const png = await sharp({ create: { width: 9, height: 7, channels: 3, background: '#777' } })
      .png()
      .toBuffer()
    const path = put('film.dcm', png)
    expect((await readFilmFile(path)).header).toMatchObject({ format: 'png', rows: 7, columns: 9 })
  })
})
