import * as imported from 'dcmjs-codecs'

type Codecs = typeof imported
const { Context, NativeCodecs } = ('default' in imported ? imported.default : imported) as Codecs

/**
 * One grey 12-bit frame as JPEG Lossless, process 14, selection value 1.
 * @param pixels little-endian, two bytes each
 */
export async function encodeJpegLossless(
  pixels: Uint8Array,
  columns: number,
  rows: number
): Promise<Uint8Array> {
  if (!NativeCodecs.isInitialized()) await NativeCodecs.initializeAsync({ logCodecsInfo: false })
  const context = NativeCodecs.encodeJpeg(
    new Context({
      width: columns,
      height: rows,
      bitsAllocated: 16,
      bitsStored: 12,
      samplesPerPixel: 1,
      pixelRepresentation: 0,
      planarConfiguration: 0,
      photometricInterpretation: 'MONOCHROME2',
      decodedBuffer: pixels
    }),
    { lossy: false, predictor: 1, pointTransform: 0 }
  )
  return new Uint8Array(context.getEncodedBuffer() ?? [])
}
