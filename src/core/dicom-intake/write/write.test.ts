import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeFilm, readFilmFile } from '../index'
import { writeDicomFilm, writeGreyPng, WRITTEN_TRANSFER_SYNTAXES, type FilmToWrite } from './index'

const COLUMNS = 37
const ROWS = 23
const values = Uint16Array.from({ length: COLUMNS * ROWS }, (_, i) => Math.imul(i, 2654435761) & 0xfff)

const SYNTAXES = ['implicit-le', 'explicit-le', 'jpeg-lossless'] as const
const hasDcmtk = spawnSync('dcmdump', ['--version']).status === 0

function film(transferSyntax: FilmToWrite['transferSyntax']): FilmToWrite {
  return {
    columns: COLUMNS,
    rows: ROWS,
    values,
    photometric: 'MONOCHROME1',
    transferSyntax,
    mmPerPixel: 0.15,
    windows: [
      { center: 2048, width: 1024, explanation: 'NORMAL' },
      { center: 1800, width: 600, explanation: 'HARDER' }
    ],
    voiLut: { explanation: 'CURVE', values: Uint16Array.from({ length: 4096 }, (_, i) => 4095 - i) },
    attributes: {
      SOPInstanceUID: '2.25.1',
      StudyInstanceUID: '2.25.2',
      SeriesInstanceUID: '2.25.3',
      ImageType: ['DERIVED', 'PRIMARY'],
      Modality: 'CR',
      PatientName: 'SYNTHETIC^합성',
      PatientID: 'NG-0001',
      PatientSex: 'F'
    }
  }
}

describe('files written', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'neogate-write-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each(SYNTAXES)('%s is read back to the same pixels, windows, curve and text', async syntax => {
    const path = join(folder, `${syntax}.dcm`)
    await writeFile(path, await writeDicomFilm(film(syntax)))
    const stored = await decodeFilm(path)
    expect(stored).toMatchObject({ rows: ROWS, columns: COLUMNS, bitsStored: 12, photometric: 'MONOCHROME1' })
    expect([...stored.values]).toEqual([...values])
    const kinds = stored.voi.map(transform => transform.kind)
    expect(kinds.filter(kind => kind === 'window')).toHaveLength(2)
    expect(kinds.filter(kind => kind === 'lut')).toHaveLength(1)
    const { header } = await readFilmFile(path)
    expect(header).toMatchObject({
      transferSyntax: WRITTEN_TRANSFER_SYNTAXES[syntax],
      patientName: 'SYNTHETIC^합성',
      patientId: 'NG-0001',
      sex: 'F',
      modality: 'CR',
      windows: [
        { center: 2048, width: 1024 },
        { center: 1800, width: 600 }
      ]
    })
    expect(header.spacing).toMatchObject({ rowMm: 0.15, source: 'ImagerPixelSpacing' })
  })

  it.skipIf(!hasDcmtk).each(SYNTAXES)('%s opens in DCMTK without a warning', async syntax => {
    const path = join(folder, `dcmtk-${syntax}.dcm`)
    await writeFile(path, await writeDicomFilm(film(syntax)))
    const dump = spawnSync('dcmdump', [path], { encoding: 'utf8' })
    expect(dump.status).toBe(0)
    expect(dump.stderr).toBe('')
    expect(dump.stdout).toMatch(/\(7fe0,0010\)/)
    expect(dump.stdout).not.toMatch(/\bUN\b/)
  })

  it('gives the same bytes again', async () => {
    for (const syntax of SYNTAXES) {
      const [first, second] = [await writeDicomFilm(film(syntax)), await writeDicomFilm(film(syntax))]
      expect(Buffer.compare(first, second)).toBe(0)
    }
  })

  it('refuses pixels that do not fill the matrix', async () => {
    await expect(writeDicomFilm({ ...film('explicit-le'), rows: ROWS + 1 })).rejects.toThrow(RangeError)
  })

  it('writes 16-bit grey PNG', async () => {
    const path = join(folder, 'film.png')
    const wide = values.map(value => value * 16 + 5)
    await writeFile(path, await writeGreyPng(wide, COLUMNS, ROWS))
    const stored = await decodeFilm(path)
    expect(stored).toMatchObject({ rows: ROWS, columns: COLUMNS, bitsStored: 16, colour: false })
    expect([...stored.values]).toEqual([...wide])
  })
})
