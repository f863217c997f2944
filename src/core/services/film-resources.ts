import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorMap, filmId } from '../../contract'
import { isFilmFault, NeoGateError, toError, type CallOptions } from '../foundation'
import type { CoreContext, ProjectSession } from './core-context'
import { filmWorker } from './film-worker'

/** An answer of GET /pixels/{filmId} or /thumbnails/{filmId}. */
export interface FilmResource {
  status: number
  contentType: string
  body: Uint8Array
}

export interface FilmResources {
  /**
   * Answers a path of the form '/pixels/{filmId}' or '/thumbnails/{filmId}'; never rejects. Errors are JSON
   * `{ code, message, data }` with the status of the error's code.
   */
  get(urlPath: string, signal?: AbortSignal): Promise<FilmResource>
}

const PIXEL_CACHE_BYTES = 256 * 2 ** 20
const THUMBNAIL_SIDE = 160

/** Higher than bulk work, so that a reader never waits behind it. */
const READER_PRIORITY = 10

/** Serves film pixels and thumbnails of the open project; pixels are kept in memory, thumbnails in its cache folder. */
export function createFilmResources(core: CoreContext): FilmResources {
  const worker = filmWorker(core.films)
  const pixels = new Map<string, Uint8Array>()
  let pixelBytes = 0
  let session: ProjectSession | null = null

  function currentSession(): ProjectSession {
    const current = core.project()
    if (current !== session) {
      session = current
      pixels.clear()
      pixelBytes = 0
    }
    return current
  }

  function keep(id: string, message: Uint8Array): void {
    pixels.set(id, message)
    pixelBytes += message.byteLength
    for (const [oldest, { byteLength }] of pixels) {
      if (pixelBytes <= PIXEL_CACHE_BYTES) return
      pixels.delete(oldest)
      pixelBytes -= byteLength
    }
  }

  async function pixelsOf(id: string, options: CallOptions): Promise<Uint8Array> {
    const current = currentSession()
    const kept = pixels.get(id)
    if (kept) {
      pixels.delete(id)
      pixels.set(id, kept)
      return kept
    }
    const message = await reading(current, id, file => worker.pixels(file, options))
    if (current === session && !pixels.has(id)) keep(id, message)
    return message
  }

  async function thumbnailOf(id: string, options: CallOptions): Promise<Uint8Array> {
    const current = currentSession()
    const folder = join(current.cacheFolder, 'thumbnails')
    const file = join(folder, `${id}-${THUMBNAIL_SIDE}.webp`)
    const kept = await readFile(file).catch(() => null)
    if (kept) return kept
    const image = await reading(current, id, file => worker.thumbnail(file, THUMBNAIL_SIDE, options))
    await store(folder, file, image).catch(() => {
      core.logger.warn('A thumbnail could not be kept; it is made again next time.', { film: id })
    })
    return image
  }

  return {
    async get(urlPath, signal) {
      try {
        const [, kind, id] = /^\/(pixels|thumbnails)\/([^/?#]+)$/.exec(urlPath) ?? []
        if (!id || !filmId.safeParse(id).success) {
          throw new NeoGateError('NOT_FOUND', 'There is no such resource.')
        }
        const options: CallOptions = { signal, priority: READER_PRIORITY }
        return kind === 'pixels'
          ? { status: 200, contentType: 'application/octet-stream', body: await pixelsOf(id, options) }
          : { status: 200, contentType: 'image/webp', body: await thumbnailOf(id, options) }
      } catch (thrown) {
        return failure(thrown)
      }
    }
  }
}

/**
 * Reads a film's file. That it cannot be read is noted in the store and told to the screens once; that it can be read
 * again, too.
 */
async function reading<Result>(
  { studies, changes }: ProjectSession,
  id: string,
  read: (file: string) => Promise<Result>
): Promise<Result> {
  const file = await studies.filePath(id)
  const note = async (missing: boolean) => {
    if ((await studies.locations([id])).get(id)?.missing === missing) return
    await studies.markMissing([id], missing)
    changes.publish(['films'], [id])
  }
  try {
    const result = await read(file)
    await note(false)
    return result
  } catch (thrown) {
    if (isFilmFault(thrown)) await note(true)
    throw thrown
  }
}

/** Written beside and renamed, so that a reader never sees half a file. */
async function store(folder: string, file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(draft, bytes)
    await rename(draft, file)
  } catch (thrown) {
    await rm(draft, { force: true })
    throw thrown
  }
}

function failure(thrown: unknown): FilmResource {
  const error = toError(thrown)
  const code = error instanceof NeoGateError ? error.code : 'INTERNAL'
  const data = error instanceof NeoGateError ? error.detail : {}
  return {
    status: errorMap[code].status,
    contentType: 'application/json; charset=utf-8',
    body: Buffer.from(JSON.stringify({ code, message: error.message, data }), 'utf8')
  }
}
