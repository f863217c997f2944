import sharp from 'sharp'

/**
 * Grey 16-bit PNG. Fast compression: these files are made by the hundred.
 * @param values row-major, full 16-bit range
 */
export async function writeGreyPng(values: Uint16Array, columns: number, rows: number): Promise<Uint8Array> {
  // The type of the array tells sharp that samples have two bytes.
  return await sharp(values, { raw: { width: columns, height: rows, channels: 1 } })
    .toColourspace('grey16')
    .png({ compressionLevel: 1, adaptiveFiltering: false })
    .toBuffer()
}
