import type { PixelHeader } from './film-pixels'

export interface FilmPixels {
  header: PixelHeader
  values: Uint16Array
}

const MAGIC = 0x3146474e

/** Packs a film for the wire. */
export function encodeFilmPixels({ header, values }: FilmPixels): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header))
  const padded = Math.ceil(json.length / 4) * 4
  const message = new Uint8Array(8 + padded + values.byteLength).fill(0x20, 8, 8 + padded)
  const view = new DataView(message.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, padded, true)
  message.set(json, 8)
  message.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 8 + padded)
  return message
}

/**
 * Unpacks a film from the wire without copying its pixels. The header is taken as the host of the same version wrote it (tests hold it
 * against `pixelHeader`). @throws RangeError when the message is not whole
 */
export function decodeFilmPixels(message: ArrayBuffer): FilmPixels {
  const view = new DataView(message)
  if (message.byteLength < 8 || view.getUint32(0, true) !== MAGIC) throw new RangeError('Not a film message')
  const length = view.getUint32(4, true)
  const text = new TextDecoder().decode(new Uint8Array(message, 8, length))
  const header = JSON.parse(text) as PixelHeader
  const expected = header.rows * header.columns
  if (message.byteLength !== 8 + length + expected * 2) throw new RangeError('Film message cut short')
  return { header, values: new Uint16Array(message, 8 + length, expected) }
}
