import type { FilmHeader, StoredFilm } from '../domain'
import { imagePixel } from './dicom/image-pixel'
import { dicomHeader } from './dicom/film-header'
import { requireDecodable, requirePixels, requireRadiograph, requireSingleFrame } from './dicom/acceptance'
import { HeaderGoesOn, parseDataSet, type ParsedDicom } from './dicom/parse-data-set'
import { firstFrameSpans } from './dicom/pixel-data'
import { fileFormat } from './file/file-format'
import { END_BYTES, fingerprint } from './file/fingerprint'
import { withFile, type SourceFile } from './file/open-file'
import { decodeDicom } from './pixels/decode-dicom'
import { decodeRaster, rasterHeader, requireSinglePage } from './raster/raster-image'
import { refusing } from './refuse'

/** A file as the index knows it. */
export interface FilmFile {
  byteSize: number
  /** ISO 8601, UTC. */
  modifiedAt: string
  /** SHA-256, hex; see docs/decisions/0002-film-identity.md. */
  fingerprint: string
  header: FilmHeader
}

/**
 * Reads what a file says of itself and makes sure that it is a film, of which all pixels are there; decodes none of
 * them. Of a DICOM file only its first and last 64 KiB are read, unless its header is longer or deflated.
 * @throws NeoGateError FILE_REFUSED, whatever is wrong
 */
export function readFilmFile(path: string): Promise<FilmFile> {
  return refusing(path, () =>
    withFile(path, async file => {
      const head = file.read(0, END_BYTES)
      const format = fileFormat(head)
      const header =
        format === 'dicom'
          ? await acceptedDicomHeader(file, head)
          : await rasterHeader(file.readAll(), format)
      if (format !== 'dicom') requireSinglePage(header)
      const { byteSize, modifiedAt } = file
      return { byteSize, modifiedAt, fingerprint: fingerprint(file, format, head), header }
    })
  )
}

/**
 * Header of any image, film or not, without the questions that intake asks (kind, frames, transfer syntax).
 * @throws NeoGateError FILE_REFUSED where there is no image or it is badly described
 */
export function readImageHeader(path: string): Promise<FilmHeader> {
  return refusing(path, () =>
    withFile(path, async file => {
      const head = file.read(0, END_BYTES)
      const format = fileFormat(head)
      if (format !== 'dicom') return rasterHeader(file.readAll(), format)
      const parsed = parseHeader(file, head)
      requirePixels(parsed)
      return dicomHeader(parsed, imagePixel(parsed.dataSet))
    })
  )
}

/**
 * Decodes a film to its stored values.
 * @param options.anyImage decodes images of other kinds too, and of several frames the first
 * @throws NeoGateError FILE_REFUSED, whatever is wrong
 */
export function decodeFilm(path: string, options: { anyImage?: boolean } = {}): Promise<StoredFilm> {
  const anyImage = options.anyImage ?? false
  return refusing(path, () =>
    withFile(path, async file => {
      const bytes = file.readAll()
      const format = fileFormat(bytes)
      if (format === 'dicom') return decodeDicom(bytes, anyImage)
      if (!anyImage) requireSinglePage(await rasterHeader(bytes, format))
      return decodeRaster(bytes, format)
    })
  )
}

async function acceptedDicomHeader(file: SourceFile, head: Uint8Array): Promise<FilmHeader> {
  const parsed = parseHeader(file, head)
  requirePixels(parsed)
  requireRadiograph(parsed)
  const pixel = imagePixel(parsed.dataSet)
  requireSingleFrame(pixel)
  requireDecodable(parsed)
  const isInMemory = parsed.content.length === parsed.contentSize
  await firstFrameSpans(parsed, pixel, async (start, end) =>
    isInMemory || end <= parsed.content.length ? parsed.content.subarray(start, end) : file.read(start, end)
  )
  return dicomHeader(parsed, pixel)
}

/** Parses the header from the bytes at hand, reading 16 times more each time it goes on behind them. */
function parseHeader(file: SourceFile, head: Uint8Array): ParsedDicom {
  let bytes = head
  while (true) {
    try {
      return parseDataSet(bytes, file.byteSize)
    } catch (thrown) {
      if (!(thrown instanceof HeaderGoesOn)) throw thrown
      const wanted = bytes.length * 16
      bytes = wanted < file.byteSize ? file.read(0, wanted) : file.readAll()
    }
  }
}
