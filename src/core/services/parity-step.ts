import { NeoGateError } from '../foundation'
import { elementCount, float32, toOnnx, type Tensor } from '../ml/graph'
import { modelDefinition, modelParameters, type ModelDefinition } from '../ml/models'
import { adamOnHost, PAPER_ADAM } from '../ml/optimizers'
import { createSession } from '../ml/runtime'
import { gradientName, nextName, trainingStep } from '../ml/training-step'
import { loadWeights, writeSafetensors } from '../ml/weights'
import { readModelFolder } from '../model-registry'
import { readNpy } from './npy'

export interface ParityRequest {
  /** Model folder. */
  model: string
  /** .npy files: [N, 3, S, S] float32 and [N, 2] float32 as the network takes them; [N] integers, class indices. */
  images: string
  context: string
  labels: string
  learningRate: number
  weightDecay: number
  steps: number
  freezeBatchNorm: boolean
  /** Weights after the steps, as safetensors under torchvision's names. */
  out: string
}

export interface ParityResult {
  films: number
  size: number
  /** Before each step. */
  losses: number[]
}

/**
 * Some steps of torch.optim.Adam and plain cross-entropy on all parameters and the same films each time, without
 * augmentation, by the code that training uses: to be held against another implementation. Runs in the model child.
 * @throws NeoGateError NOT_FOUND, INVALID_INPUT naming file and field, MODEL_REFUSED, DISK_FULL, CANCELLED
 */
export async function parityStep(
  request: ParityRequest,
  { signal }: { signal: AbortSignal }
): Promise<ParityResult> {
  const { card, weightsFile } = await readModelFolder(request.model)
  const definition = modelDefinition(card.method)
  const { films, size, feeds } = await readFilms(request, definition)
  if (!request.freezeBatchNorm && films === 1 && size <= 32) {
    throw new NeoGateError('INVALID_INPUT', 'One film of 32 pixels leaves one value per channel.', {
      field: 'images',
      remedy: 'Give more films or larger ones, or use --freeze-batch-norm.'
    })
  }
  const whole = { seed: 0, head: null, ownParts: [] }
  const { tensors: weights } = await loadWeights(weightsFile, modelParameters(definition), whole)

  const { graph, trained, renewed } = trainingStep(definition, {
    entry: 'image',
    batch: films,
    size,
    trains: () => true,
    batchNorm: request.freezeBatchNorm ? 'frozen' : 'batch',
    labelSmoothing: 0,
    optimizer: null
  })
  const optimizer = { ...PAPER_ADAM, weightDecay: request.weightDecay }
  const moments = trained.map(({ name, shape }) => ({
    name,
    mean: new Float32Array(elementCount(shape)),
    square: new Float32Array(elementCount(shape))
  }))
  const losses: number[] = []
  const session = await createSession(toOnnx(graph), 'cpu', { backward: true })
  try {
    for (let step = 1; step <= request.steps; step++) {
      // `run` blocks this process: without a pause a cancel would not be heard.
      await new Promise(resolve => setImmediate(resolve))
      if (signal.aborted) throw new NeoGateError('CANCELLED', 'The parity run was cancelled.')
      const parameters = Object.fromEntries(graph.parameters.map(({ name }) => [name, weights.get(name)!]))
      const outputs = await session.run({ ...feeds, ...parameters })
      const loss = Number(outputs.loss!.data[0])
      if (!Number.isFinite(loss)) throw notFinite(step)
      losses.push(loss)
      for (const { name, mean, square } of moments) {
        const parameter = weights.get(name)!.data as Float32Array
        const gradient = outputs[gradientName(name)]!.data as Float32Array
        adamOnHost({ parameter, mean, square }, gradient, request.learningRate, step, optimizer)
      }
      for (const name of renewed) weights.set(name, outputs[nextName(name)]!)
    }
  } finally {
    await session.close()
  }
  await writeSafetensors(request.out, weights, { format: 'pt' })
  return { films, size, losses }
}

async function readFilms(
  { images: imagesFile, context: contextFile, labels: labelsFile }: ParityRequest,
  { classes }: ModelDefinition
): Promise<{ films: number; size: number; feeds: Record<string, Tensor> }> {
  const images = await readNpy(imagesFile, 'images')
  const [films = 0, channels, size = 0, width] = images.shape
  if (images.shape.length !== 4 || channels !== 3 || size !== width || films === 0 || size === 0) {
    throw refused(imagesFile, 'images', `has shape (${images.shape.join(', ')}), not (N, 3, S, S)`)
  }
  const context = await readNpy(contextFile, 'context')
  expectShape(contextFile, 'context', context.shape, [films, 2])
  const labels = await readNpy(labelsFile, 'labels')
  expectShape(labelsFile, 'labels', labels.shape, [films])
  if (labels.dtype === '<f4' || labels.dtype === '<f8') {
    throw refused(labelsFile, 'labels', `holds ${labels.dtype}, not integers`)
  }
  const targets = new Float32Array(films * classes)
  Array.from(labels.data, Number).forEach((label, film) => {
    if (label < 0 || label >= classes) {
      throw refused(labelsFile, 'labels', `holds ${label} at ${film}; a class is 0 to ${classes - 1}`)
    }
    targets[film * classes + label] = 1
  })
  return {
    films,
    size,
    feeds: {
      input: float32(images.shape, finite(imagesFile, 'images', images)),
      context: float32(context.shape, finite(contextFile, 'context', context)),
      targets: float32([films, classes], targets),
      classWeights: float32([classes], new Float32Array(classes).fill(1)),
      normaliser: float32([], [films])
    }
  }
}

function expectShape(file: string, field: string, found: number[], expected: number[]): void {
  if (found.join() !== expected.join()) {
    const shapes = [found, expected].map(shape => `(${shape.join(', ')})`)
    throw refused(file, field, `has shape ${shapes[0]}, not ${shapes[1]}`)
  }
}

function finite(file: string, field: string, { dtype, data }: Awaited<ReturnType<typeof readNpy>>) {
  if (!(data instanceof Float32Array)) throw refused(file, field, `holds ${dtype}, not float32 (<f4)`)
  const wrong = data.findIndex(value => !Number.isFinite(value))
  if (wrong >= 0) throw refused(file, field, `holds ${data[wrong]} at element ${wrong}`)
  return data
}

function refused(file: string, field: string, problem: string): NeoGateError {
  return new NeoGateError('INVALID_INPUT', `${file} (${field}) ${problem}.`, {
    file,
    field,
    remedy: 'Give images (N, 3, S, S) and context (N, 2) in float32, and labels (N) as integers.'
  })
}

function notFinite(step: number): NeoGateError {
  return new NeoGateError('MODEL_REFUSED', `The loss of step ${step} is not a number; nothing was written.`, {
    reason: 'diverged',
    remedy: 'Use a lower learning rate, and check that the images are normalised as the network takes them.'
  })
}
