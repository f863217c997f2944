import { elementCount, float32, type Parameter, type Tensor } from '../graph'
import { momentName, squareName } from '../training-step'

/**
 * Everything that the next step depends on. A run continued from a saved state gives the same result as one that was
 * never stopped, since what is drawn at random depends on (seed, epoch, film) alone.
 */
export interface TrainingState {
  /** Weights and buffers by name. */
  weights: Map<string, Tensor>
  /** Adam's running means, by momentName and squareName of each trained parameter. */
  moments: Map<string, Tensor>
  /** Optimizer steps made. */
  step: number
  /** Epochs finished. */
  epoch: number
  /** Optimizer steps made of the epoch under way. */
  stepInEpoch: number
  /** Of the epoch under way: sum of loss times weight, of weight, and films that could not be read. */
  running: { loss: number; weight: number; lost: number }
  best: { epoch: number; loss: number; weights: Map<string, Tensor> } | null
}

export function startingState(
  weights: ReadonlyMap<string, Tensor>,
  trained: readonly Parameter[]
): TrainingState {
  const zeros = ({ shape }: Parameter) => float32(shape, new Float32Array(elementCount(shape)))
  return {
    weights: copyOf(weights),
    moments: new Map(
      trained.flatMap(parameter => [
        [momentName(parameter.name), zeros(parameter)],
        [squareName(parameter.name), zeros(parameter)]
      ])
    ),
    step: 0,
    epoch: 0,
    stepInEpoch: 0,
    running: { loss: 0, weight: 0, lost: 0 },
    best: null
  }
}

export function copyOf(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  return new Map(
    [...tensors].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() } as Tensor])
  )
}
