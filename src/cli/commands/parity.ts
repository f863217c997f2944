import { resolve } from 'node:path'
import { UsageError, type Command, type CommandCall } from '../command'
import { EXIT } from '../exit-codes'
import { integerOption, requiredOption } from '../options'
import { table } from '../output'

export const parityStepCommand: Command = {
  name: 'parity step',
  summary: 'Make training steps on given arrays, to be held against another implementation.',
  operands: '',
  arity: [0, 0],
  options: {
    model: { type: 'string', help: 'DIR of the model to begin with; it is not changed' },
    images: { type: 'string', help: 'FILE.npy: float32 [N, 3, S, S], normalised as the network takes it' },
    context: { type: 'string', help: 'FILE.npy: float32 [N, 2], GA and BW, normalised' },
    labels: { type: 'string', help: 'FILE.npy: integers [N], 0 to 5 in the order of the classes' },
    lr: { type: 'string', help: 'RATE of Adam (default 1e-4)' },
    'weight-decay': { type: 'string', help: 'DECAY added to the gradient (default 1e-5)' },
    steps: { type: 'string', help: 'COUNT of steps, all on the same films (default 1)' },
    'freeze-batch-norm': { type: 'boolean', help: 'normalise with the running statistics' },
    out: { type: 'string', help: 'AFTER.safetensors to write, under torchvision’s names' }
  },
  notes: `All parameters learn; cross-entropy without class weights; torch.optim.Adam with betas 0.9 and 0.999 and
epsilon 1e-8; no augmentation. test/golden/training/hold_against_torch.py does the same in PyTorch.`,
  async run({ options, output, connect, signal }) {
    const request = {
      model: resolve(requiredOption(options, 'model')),
      images: resolve(requiredOption(options, 'images')),
      context: resolve(requiredOption(options, 'context')),
      labels: resolve(requiredOption(options, 'labels')),
      learningRate: numberOption(options, 'lr') ?? 1e-4,
      weightDecay: numberOption(options, 'weight-decay') ?? 1e-5,
      steps: integerOption(options, 'steps') ?? 1,
      freezeBatchNorm: options['freeze-batch-norm'] === true,
      out: resolve(requiredOption(options, 'out'))
    }
    const { client } = await connect()
    const result = await client.tools.parityStep(request, { signal })
    output.result(result, () => {
      const losses = result.losses.map((loss, index) => [index + 1, loss.toPrecision(9)])
      return `${table(['step', 'loss'], losses)}\n\n${result.out}: ${result.byteSize} bytes`
    })
    return EXIT.done
  }
}

/** A number of at least 0. @throws UsageError */
function numberOption(options: CommandCall['options'], name: string): number | null {
  const text = options[name]
  if (text === undefined) return null
  const value = Number(text)
  if (String(text).trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new UsageError(`--${name} takes a number of at least 0, not '${String(text)}'.`)
  }
  return value
}
