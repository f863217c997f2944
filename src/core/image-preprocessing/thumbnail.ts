import sharp from 'sharp'
import type { StoredFilm } from '../domain'
import { displayRows } from './display'
import { letterbox } from './model-input'
import { resizeRows } from './resize'

/** A WebP picture of the film at its default window, its longer side `size` pixels. */
export async function thumbnail(film: StoredFilm, size: number): Promise<Uint8Array> {
  const { outRows, outColumns } = letterbox(film.rows, film.columns, size)
  const display = resizeRows(displayRows(film), film.rows, film.columns, outRows, outColumns)
  const grey = Uint8Array.from(display, value => Math.round(255 * value))
  return sharp(grey, { raw: { width: outColumns, height: outRows, channels: 1 } })
    .webp({ quality: 80 })
    .toBuffer()
}
