import sharp, { type CreateRaw } from 'sharp'

/**
 * Grey 16-bit PNG. Fast compression: these files are made by the hundred.
 * @param values row-major, full 16-bit range
 */
export async function writeGreyPng(values: Uint16Array, columns: number, rows: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return await sharp(bytes, {
    raw: { width: columns, height: rows, channels: 1, depth: 'ushort' } as CreateRaw
  })
    .toColourspace('grey16')
    .png({ compressionLevel: 2, adaptiveFiltering: false })
    .toBuffer()
}
