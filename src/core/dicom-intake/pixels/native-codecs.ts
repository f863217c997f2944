/**
 * The WebAssembly codecs of dcmjs-codecs (libijg 8/12/16 bit, CharLS, OpenJPEG, OpenJPH). The package stays outside of
 * every bundle and finds its .wasm beside itself.
 */
import * as imported from 'dcmjs-codecs'
import { toError } from '../../foundation'
import { refuse } from '../refuse'
import type { Codestream } from './codestream'

type Codecs = typeof imported
type Decoder = 'decodeJpeg' | 'decodeJpegLs' | 'decodeJpeg2000' | 'decodeHtJpeg2000'

/** What decoders report and go on after, though pixels are lost. */
const DAMAGE = /premature|corrupt|truncat|inconsisten|not enough|stream too short|tile part/i

const MOST_REPORTS = 1000

const library = ('default' in imported ? imported.default : imported) as Codecs
const { Context, NativeCodecs } = library

let reports: string[] = []
library.log.methodFactory = () => message => {
  if (reports.length < MOST_REPORTS) reports.push(String(message))
}
library.log.setLevel('info')

/** True while the module in memory has decoded nothing but good frames: one bad frame spoils those after it. */
let isSound = false

/**
 * Decodes one compressed frame to little-endian samples of one or two bytes.
 * @throws NeoGateError FILE_REFUSED 'damaged'
 */
export async function decodeFrame(
  decoder: Decoder,
  encoded: Uint8Array,
  codestream: Codestream
): Promise<{ bytes: Uint8Array; bytesPerSample: 1 | 2 }> {
  if (!isSound) {
    NativeCodecs.release()
    await NativeCodecs.initializeAsync({ logCodecsInfo: true })
    isSound = true
  }
  const { rows, columns, components, precision } = codestream
  // The HTJ2K decoder clamps to the width it is given, 8-bit samples as unsigned; the others go by the precision.
  const isWide = precision > 8 || (decoder === 'decodeHtJpeg2000' && codestream.signed)
  const bytesPerSample = isWide ? 2 : 1
  reports = []
  let bytes: Uint8Array
  try {
    const context = NativeCodecs[decoder](
      new Context({
        width: columns,
        height: rows,
        bitsAllocated: 8 * bytesPerSample,
        bitsStored: precision,
        samplesPerPixel: components,
        pixelRepresentation: codestream.signed ? 1 : 0,
        planarConfiguration: 0,
        photometricInterpretation: components === 3 ? 'RGB' : 'MONOCHROME2',
        encodedBuffer: encoded
      })
    )
    bytes = context.getDecodedBuffer() ?? new Uint8Array()
  } catch (thrown) {
    isSound = false
    return refuse(
      'damaged',
      `The compressed frame cannot be decoded (${reportText(toError(thrown).message)}).`
    )
  }
  const damage = reports.find(report => DAMAGE.test(report))
  if (damage) {
    isSound = false
    refuse('damaged', `The compressed frame is damaged (${reportText(damage)}).`)
  }
  if (bytes.length < rows * columns * components * bytesPerSample) {
    isSound = false
    refuse('damaged', 'The compressed frame decodes to fewer pixels than it declares.')
  }
  return { bytes, bytesPerSample }
}

/** A decoder's words without the C++ names before them; a WebAssembly trap has no words of its own. */
function reportText(report: string): string {
  if (report === 'unreachable') return 'the decoder stopped'
  return report.split('::').at(-1)!.slice(0, 160).trim().replace(/\.$/, '')
}
