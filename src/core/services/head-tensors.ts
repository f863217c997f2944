import { float32, type Graph, type Tensor } from '../ml/graph'
import { openSafetensors } from '../ml/weights'

/** Tensors of a weight file by their names, as far as the file has them. */
export async function readTensors(
  weightsFile: string,
  names: readonly string[]
): Promise<Map<string, Tensor>> {
  const file = await openSafetensors(weightsFile)
  try {
    const tensors = new Map<string, Tensor>()
    for (const name of names) {
      const stored = file.tensors.get(name)
      if (stored) tensors.set(name, float32(stored.shape, await file.read(name)))
    }
    return tensors
  } finally {
    await file.close()
  }
}

/** Those of a graph's parameters, out of a file that may hold many more. */
export const parametersOf = (graph: Graph, weightsFile: string) =>
  readTensors(
    weightsFile,
    graph.parameters.map(({ name }) => name)
  )
