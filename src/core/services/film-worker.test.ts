import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeFilmPixels, pixelHeader } from '../../contract'
import { createChildPool, forkChild, type ChildPool } from '../foundation'
import { preprocessingHash } from '../image-preprocessing'
import { filmWorker } from './film-worker'

const films = join(import.meta.dirname, '../../../test/golden/pixels/films')
const film = (name: string) => join(films, `${name}.dcm`)

/** The worker as it runs in the product: another process, values cloned on their way. */
describe('film worker in a child process', () => {
  let pool: ChildPool
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'neogate-worker-'))
    const entry = join(import.meta.dirname, 'worker-entry.ts')
    pool = createChildPool({
      spawn: forkChild(entry, ['--import', 'tsx']),
      role: 'film',
      size: 1,
      timeoutMs: 30_000
    })
  })
  afterAll(() => {
    pool.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('indexes a batch in order, refused files among it', async () => {
    const empty = join(folder, 'empty')
    writeFileSync(empty, '')
    const results = await filmWorker(pool).index([film('explicit-12'), empty, film('multi-frame-native')])
    expect(results).toMatchObject([
      { path: film('explicit-12'), header: { rows: 48, columns: 64, modality: 'CR', bitsStored: 12 } },
      { path: empty, refusal: { reason: 'empty' } },
      {
        path: film('multi-frame-native'),
        refusal: { reason: 'multi-frame', field: 'Number of Frames (0028,0008)' }
      }
    ])
    expect(results[0]).toHaveProperty('fingerprint', expect.stringMatching(/^[0-9a-f]{64}$/))
  })

  it('sends pixels whose values stand for modality values, with the file’s own windows', async () => {
    const message = await filmWorker(pool).pixels(film('window-after-rescale'))
    const { header, values } = decodeFilmPixels(Uint8Array.from(message).buffer)
    expect(pixelHeader.parse(header)).toEqual(header)
    const modality = await filmWorker(pool).stage(film('window-after-rescale'), 'modality', 0)
    expect(modality).toMatchObject({ shape: [48, 64], dtype: '<f8' })
    const exact = new Float64Array(Uint8Array.from(modality.data).buffer)
    expect(Array.from(values, value => value * header.slope + header.intercept)).toEqual(Array.from(exact))
    expect(header).toMatchObject({
      rows: 48,
      columns: 64,
      inverted: false,
      quantised: false,
      voi: [{ kind: 'window', center: -150.5, width: 700, function: 'LINEAR' }]
    })
  })

  it('makes model input and a thumbnail', async () => {
    const { plane, extent } = await filmWorker(pool).modelInput(film('explicit-12'), 32)
    expect(plane).toHaveLength(32 * 32)
    expect(extent).toEqual({ left: 0, top: -8, right: 64, bottom: 56 })
    const webp = Buffer.from(await filmWorker(pool).thumbnail(film('explicit-12'), 32))
    expect(webp.toString('latin1', 8, 12)).toBe('WEBP')
  })

  it('rejects a refused film with its file and reason, and inspects it without rejecting', async () => {
    const damaged = join(folder, 'damaged.dcm')
    writeFileSync(damaged, 'no film')
    await expect(filmWorker(pool).pixels(damaged)).rejects.toMatchObject({
      code: 'FILE_REFUSED',
      detail: { file: damaged, reason: 'not-a-film' }
    })
    expect(await filmWorker(pool).inspect(damaged)).toMatchObject({
      accepted: false,
      reason: 'not-a-film',
      rows: null
    })
    expect(await filmWorker(pool).inspect(film('multi-frame-rle'))).toMatchObject({
      accepted: false,
      reason: 'multi-frame',
      frames: 3,
      rows: 48
    })
    expect(await filmWorker(pool).inspect(film('htj2k-lossless-12'))).toMatchObject({
      accepted: true,
      transferSyntax: '1.2.840.10008.1.2.4.201',
      patientName: 'Golden^Film'
    })
  })
})

describe('preprocessingHash', () => {
  it('depends on the input side', () => {
    expect(preprocessingHash(512)).toMatch(/^[0-9a-f]{64}$/)
    expect(preprocessingHash(512)).not.toBe(preprocessingHash(224))
  })
})
