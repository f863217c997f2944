import { readOnnxConstants } from '../graph'
import { openFileBytes } from './file-bytes'
import { weightsRefused, type WeightFile } from './weight-file'

/** Protocol buffers end at 2 GiB. */
const MAX_BYTES = 2 ** 31 - 1

/**
 * The float32 constants of an .onnx file under their own names. Exports that fold batch-norm away do not hold what a
 * model needs; they are refused later, when its tensors are found missing.
 */
export async function openOnnxWeights(path: string): Promise<WeightFile> {
  const file = await openFileBytes(path)
  try {
    if (file.byteSize > MAX_BYTES)
      throw weightsRefused(path, 'too large for an ONNX file.', { reason: 'damaged' })
    const constants = readOnnxConstants(await file.read(0, file.byteSize))
    const tensors = new Map([...constants].filter(([, { dtype }]) => dtype === 'float32'))
    return {
      format: 'onnx',
      tensors: new Map([...tensors].map(([name, { shape }]) => [name, { dtype: 'F32', shape }])),
      metadata: {},
      async read(name) {
        const tensor = tensors.get(name)
        if (tensor?.dtype !== 'float32')
          throw weightsRefused(path, `holds no tensor '${name}'.`, { field: name })
        return tensor.data
      },
      close: async () => {}
    }
  } catch (error) {
    throw weightsRefused(path, (error as Error).message, { reason: 'damaged' })
  } finally {
    await file.close()
  }
}
