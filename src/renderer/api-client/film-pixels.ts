import { ORPCError } from '@orpc/client'
import { decodeFilmPixels } from '../../contract'
import { resourceUrl } from './resources'
import type { FilmPixels } from '../../contract'

/**
 * One film at full bit depth.
 * @throws ORPCError with the code and particulars that the host answered; AbortError once `signal` is aborted
 */
export async function fetchFilmPixels(filmId: string, signal: AbortSignal): Promise<FilmPixels> {
  const response = await fetch(resourceUrl(`/pixels/${filmId}`), { signal })
  if (!response.ok) throw await refusal(response)
  return decodeFilmPixels(await response.arrayBuffer())
}

async function refusal(response: Response): Promise<ORPCError<string, unknown>> {
  const text = await response.text()
  try {
    const { code, message, data } = JSON.parse(text) as { code: string; message: string; data?: unknown }
    return new ORPCError(code, { message, data })
  } catch {
    const code = response.status === 404 ? 'NOT_FOUND' : 'INTERNAL'
    return new ORPCError(code, { message: text || response.statusText })
  }
}
