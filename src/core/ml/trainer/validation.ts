import { createGraphBuilder, toOnnx, type Tensor } from '../graph'
import { accuracy, confusionMatrix, macroAuroc, macroF1 } from '../metrics'
import { buildFrom, entryShape, type Entry, type ModelDefinition } from '../models'
import { createSession, type Provider } from '../runtime'
import { layOut, type TrainingSet } from './training-set'

export interface Evaluation {
  /** Weighted cross-entropy without label smoothing. */
  loss: number
  accuracy: number | null
  macroF1: number | null
  macroAuroc: number | null
  /** Row-major [films, classes]; NaN for a film that could not be read, which counts nowhere else. */
  probabilities: Float32Array
}

export interface Evaluator {
  evaluate(weights: ReadonlyMap<string, Tensor>, set: TrainingSet): Promise<Evaluation>
  close(): Promise<void>
}

/** The network in evaluation mode with weights as inputs, so that one session serves every epoch. */
export async function createEvaluator(
  definition: ModelDefinition,
  options: { entry: Entry; batch: number; size: number; classWeights: readonly number[]; provider: Provider }
): Promise<Evaluator> {
  const { entry, batch, size, classWeights } = options
  const { classes } = definition
  const shape = entryShape(definition, entry, size)
  const g = createGraphBuilder(`${definition.id}-evaluation`)
  const input = g.input('input', 'float32', [batch, ...shape])
  const context = g.input('context', 'float32', [batch, 2])
  const { logits } = buildFrom(definition, entry, g, { input, context })
  const graph = g.build({ probabilities: g.node('Softmax', [logits], { axis: 1 }) })
  const session = await createSession(toOnnx(graph), options.provider)

  return {
    async evaluate(weights, set) {
      const parameters = Object.fromEntries(graph.parameters.map(({ name }) => [name, weights.get(name)!]))
      const probabilities = new Float32Array(set.count * classes)
      for (let start = 0; start < set.count; start += batch) {
        const films = Array.from({ length: Math.min(batch, set.count - start) }, (_, i) => start + i)
        const laidOut = await layOut(set, films, { batch, shape, classes, classWeights })
        const outputs = await session.run({ input: laidOut.input, context: laidOut.context, ...parameters })
        const found = outputs.probabilities!.data as Float32Array
        probabilities.set(found.subarray(0, films.length * classes), start * classes)
        for (const { film } of laidOut.lost) probabilities.fill(NaN, film * classes, (film + 1) * classes)
      }
      return summarise(set, probabilities, classes, classWeights)
    },
    close: () => session.close()
  }
}

function summarise(
  set: TrainingSet,
  probabilities: Float32Array,
  classes: number,
  classWeights: readonly number[]
): Evaluation {
  const kept = Array.from({ length: set.count }, (_, i) => i).filter(
    i => !Number.isNaN(probabilities[i * classes])
  )
  const truth = kept.map(i => set.label(i))
  const rows = kept.map(i => probabilities.subarray(i * classes, (i + 1) * classes))
  const predicted = rows.map(row => row.indexOf(Math.max(...row)))
  let loss = 0
  let weight = 0
  truth.forEach((label, i) => {
    loss -= classWeights[label]! * Math.log(Math.max(rows[i]![label]!, 1e-12))
    weight += classWeights[label]!
  })
  const matrix = confusionMatrix(truth, predicted, classes)
  return {
    loss: loss / weight,
    accuracy: accuracy(matrix),
    macroF1: macroF1(matrix),
    macroAuroc: macroAuroc(truth, Float32Array.from(rows.flatMap(row => [...row])), classes),
    probabilities
  }
}
