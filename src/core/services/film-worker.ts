import { setImmediate as turnOfEvents } from 'node:timers/promises'
import {
  encodeFilmPixels,
  type FileInspection,
  type FilmPixels,
  type PixelHeader,
  type PixelStage
} from '../../contract'
import { decodeFilm, readFilmFile, readImageHeader, toRefusal, type FilmFile } from '../dicom-intake'
import type { Refusal, StoredFilm } from '../domain'
import { greyToImage, type CallOptions, type ChildHandlers, type ChildPool } from '../foundation'
import {
  bodyPercentiles,
  displayValues,
  findLungs,
  modalityValues,
  modelInput,
  thumbnail,
  type ModelInput
} from '../image-preprocessing'
import { canonicalValues } from './canonical-values'
import { pixelHash } from './pixel-hash'

/** One file of an index call: what it is, or why it is not taken in. */
export type IndexResult = ({ path: string } & FilmFile) | { path: string; refusal: Refusal }

/** One stage of a film as an array. */
export interface PixelArray {
  shape: number[]
  /** NumPy type string, e.g. '<u2'. */
  dtype: string
  /** Little-endian elements, row-major. */
  data: Uint8Array
}

/** What the children of role 'film' answer. */
export const filmWorkerHandlers = {
  async index({ paths }: { paths: string[] }, { signal }): Promise<IndexResult[]> {
    const results: IndexResult[] = []
    for (const path of paths) {
      // Files are read without a pause of their own; in this one a cancel is heard.
      await turnOfEvents()
      signal.throwIfAborted()
      results.push(
        await readFilmFile(path).then(
          file => ({ path, ...file }),
          thrown => ({ path, refusal: toRefusal(thrown) })
        )
      )
    }
    return results
  },
  async pixels({ path }: { path: string }): Promise<Uint8Array> {
    return encodeFilmPixels(filmPixels(await decodeFilm(path)))
  },
  async thumbnail({ path, size }: { path: string; size: number }): Promise<Uint8Array> {
    return thumbnail(await decodeFilm(path), size)
  },
  async modelInput({ path, size }: { path: string; size: number }): Promise<ModelInput> {
    return modelInput(await decodeFilm(path), size)
  },
  async pixelHash({ path }: { path: string }): Promise<string> {
    return pixelHash(await decodeFilm(path))
  },
  async inspect({ path }: { path: string }): Promise<FileInspection> {
    return inspect(path)
  },
  async stage({ path, stage, size }: { path: string; stage: PixelStage; size: number }): Promise<PixelArray> {
    return pixelArray(await decodeFilm(path, { anyImage: true }), stage, size)
  }
} satisfies ChildHandlers

/** The host's side: each call runs in a child of the pool. A refused file rejects with FILE_REFUSED, its reason in detail. */
export function filmWorker(pool: ChildPool) {
  return {
    /** Headers of a batch of files, in their order; a refused file is a result, never an error. */
    index: (paths: string[], options?: CallOptions) => pool.call<IndexResult[]>('index', { paths }, options),
    /** The film's pixels as the message of contract/film-pixels. */
    pixels: (path: string, options?: CallOptions) => pool.call<Uint8Array>('pixels', { path }, options),
    /** WebP, longer side `size` pixels. */
    thumbnail: (path: string, size: number, options?: CallOptions) =>
      pool.call<Uint8Array>('thumbnail', { path, size }, options),
    modelInput: (path: string, size: number, options?: CallOptions) =>
      pool.call<ModelInput>('modelInput', { path, size }, options),
    /** See pixel-hash. */
    pixelHash: (path: string, options?: CallOptions) => pool.call<string>('pixelHash', { path }, options),
    /** Decodes the file too, so that 'accepted' means that it can be shown. */
    inspect: (path: string, options?: CallOptions) => pool.call<FileInspection>('inspect', { path }, options),
    /** Any image, of several frames the first; `size` is used by stage 'model' only. */
    stage: (path: string, stage: PixelStage, size: number, options?: CallOptions) =>
      pool.call<PixelArray>('stage', { path, stage, size }, options)
  }
}

/** @returns what travels to a viewport */
function filmPixels(film: StoredFilm): FilmPixels {
  const { values, slope, intercept, storedOffset, quantised } = canonicalValues(film)
  const percentiles = bodyPercentiles(film)
  const voi = film.voi.map((transform): PixelHeader['voi'][number] =>
    transform.kind === 'lut' ? { ...transform, values: Array.from(transform.values) } : transform
  )
  return {
    values,
    header: {
      rows: film.rows,
      columns: film.columns,
      slope,
      intercept,
      storedOffset,
      unit: film.modality.unit,
      bitsStored: film.bitsStored,
      quantised,
      inverted: film.photometric === 'MONOCHROME1',
      voi,
      percentiles,
      lungs: findLungs(film, percentiles),
      spacing: film.spacing
    }
  }
}

async function inspect(path: string): Promise<FileInspection> {
  const header = await readImageHeader(path).catch(() => null)
  const refusal = await readFilmFile(path)
    .then(() => decodeFilm(path))
    .then(() => null, toRefusal)
  return {
    path,
    accepted: refusal === null,
    reason: refusal?.reason ?? null,
    detail: refusal?.detail ?? null,
    field: refusal?.field ?? null,
    format: header?.format ?? null,
    transferSyntax: header?.transferSyntax ?? null,
    rows: header?.rows ?? null,
    columns: header?.columns ?? null,
    frames: header?.frames ?? null,
    bitsStored: header?.bitsStored ?? null,
    photometric: header?.photometric ?? null,
    modality: header?.modality ?? null,
    windows: header?.windows ?? [],
    spacing: header?.spacing ?? null,
    patientName: header?.patientName ?? null
  }
}

const DTYPES: Record<string, string> = {
  Uint8Array: '|u1',
  Int8Array: '|i1',
  Uint16Array: '<u2',
  Int16Array: '<i2',
  Uint32Array: '<u4',
  Int32Array: '<i4',
  Float32Array: '<f4',
  Float64Array: '<f8'
}

function pixelArray(film: StoredFilm, stage: PixelStage, size: number): PixelArray {
  const values =
    stage === 'stored'
      ? film.values
      : stage === 'modality'
        ? modalityValues(film)
        : stage === 'display'
          ? displayValues(film)
          : modelImage(film, size)
  return {
    shape: stage === 'model' ? [3, size, size] : [film.rows, film.columns],
    dtype: DTYPES[values.constructor.name]!,
    data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  }
}

/** All of MODEL_INPUT_STEPS: [3, size, size]. */
function modelImage(film: StoredFilm, size: number): Float32Array {
  const image = new Float32Array(3 * size * size)
  greyToImage(modelInput(film, size).plane, image)
  return image
}
