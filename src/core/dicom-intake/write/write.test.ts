import { describe, expect, it } from 'vitest'
import sharp from 'sharp'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeFilm } from '../index'
import { readFilmFile } from '../index'
import { writeDicomFilm, writeGreyPng, type FilmToWrite, type WrittenTransferSyntax } from './index'

const COLUMNS = 37
const ROWS = 23

function film(transferSyntax: WrittenTransferSyntax): FilmToWrite {
  return {
    columns: COLUMNS,
    rows: ROWS,
    values: Uint16Array.from({ length: COLUMNS * ROWS }, (_, i) => (i * 2654435761) % 4096),
    photometric: 'MONOCHROME1',
    transferSyntax,
    mmPerPixel: 0.15,
    windows: [
      { center: 2048, width: 1024, explanation: 'NORMAL' },
      { center: 1800, width: 600, explanation: 'LUNG' }
    ],
    voiLut: { explanation: 'CURVE', values: Uint16Array.from({ length: 4096 }, (_, i) => 4095 - i) },
    attributes: {
      SOPInstanceUID: '2.25.1',
      StudyInstanceUID: '2.25.2',
      SeriesInstanceUID: '2.25.3',
      Modality: 'CR',
      PatientName: 'SYNTHETIC^합성',
      PatientID: 'NG-0001'
    }
  }
}
