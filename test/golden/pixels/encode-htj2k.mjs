/**
 * Encodes raw little-endian samples as one HTJ2K codestream with OpenJPH (dcmjs-codecs); called by generate.py.
 * node encode-htj2k.mjs IN OUT ROWS COLUMNS BITS SIGNED LOSSY
 */
import { readFileSync, writeFileSync } from 'node:fs'
import codecs from 'dcmjs-codecs'

const [input, output, ...numbers] = process.argv.slice(2)
const [rows, columns, bits, signed, lossy] = numbers.map(Number)
await codecs.NativeCodecs.initializeAsync()
const context = codecs.NativeCodecs.encodeHtJpeg2000(
  new codecs.Context({
    width: columns,
    height: rows,
    bitsAllocated: bits > 8 ? 16 : 8,
    bitsStored: bits,
    samplesPerPixel: 1,
    pixelRepresentation: signed,
    planarConfiguration: 0,
    photometricInterpretation: 'MONOCHROME2',
    decodedBuffer: new Uint8Array(readFileSync(input))
  }),
  { lossy: lossy === 1 }
)
writeFileSync(output, context.getEncodedBuffer())
