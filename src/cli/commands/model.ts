import { resolve } from 'node:path'
import type { ModelInfo, ModelTraining } from '../../contract'
import { UsageError, type Command } from '../command'
import { EXIT } from '../exit-codes'
import { integerOption, requiredOption } from '../options'
import { fields } from '../output'

export const modelNewCommand: Command = {
  name: 'model new',
  summary: 'Make a model folder with fresh or given weights.',
  operands: '',
  arity: [0, 0],
  options: {
    method: { type: 'string', help: 'METHOD: see docs/models.md (default ccgn)' },
    size: { type: 'string', help: 'SIDE of the input in pixels (default 512)' },
    seed: { type: 'string', help: 'SEED of the fresh weights (default 1)' },
    init: {
      type: 'string',
      help: 'FILE.safetensors|.pt|.pth: the backbone under torchvision names, or the whole model'
    },
    name: { type: 'string', help: 'NAME shown on the screens' },
    out: { type: 'string', help: 'DIR to make' }
  },
  notes:
    'Nothing in a weights file is executed. A model without trained weights says so wherever it is shown.',
  async run({ options, output, connect }) {
    const request = {
      method: String(options.method ?? 'ccgn'),
      size: integerOption(options, 'size') ?? 512,
      seed: integerOption(options, 'seed') ?? 1,
      init: options.init === undefined ? null : resolve(String(options.init)),
      name: options.name === undefined ? null : String(options.name),
      out: resolve(requiredOption(options, 'out'))
    }
    const { client } = await connect()
    const made = await client.tools.makeModel(request)
    output.result(made, () => {
      const origin =
        request.init === null
          ? 'Weights: fresh, seeded.'
          : `Weights: ${made.loaded.length} tensors read; fresh: ${made.fresh.join(', ') || 'none'}` +
            (made.widened.length > 0 ? `; fresh in their last channels: ${made.widened.join(', ')}.` : '.')
      return `${describeModel(made.model)}\n\n${origin}`
    })
    return EXIT.done
  }
}

export const modelInfoCommand: Command = {
  name: 'model info',
  summary: 'Describe a model folder.',
  operands: 'DIR',
  arity: [1, 1],
  options: {},
  async run({ positionals, output, connect }) {
    const { client } = await connect()
    const model = await client.tools.describeModel({ folder: resolve(positionals[0]!) })
    output.result(model, () => describeModel(model))
    return EXIT.done
  }
}

export const modelExportCommand: Command = {
  name: 'model export',
  summary: 'Write a model for other tools.',
  operands: 'DIR',
  arity: [1, 1],
  options: {
    to: {
      type: 'string',
      help: 'FORMAT: onnx (the whole network) or safetensors (weights by torchvision names)'
    },
    out: { type: 'string', help: 'FILE to write' }
  },
  async run({ positionals, options, output, connect }) {
    const to = requiredOption(options, 'to')
    if (to !== 'onnx' && to !== 'safetensors') throw new UsageError(`--to takes onnx or safetensors.`)
    const out = resolve(requiredOption(options, 'out'))
    const { client } = await connect()
    const written = await client.tools.exportModel({ folder: resolve(positionals[0]!), to, out })
    output.result(written, () => `${written.out}: ${written.byteSize} bytes`)
    return EXIT.done
  }
}

function describeModel(model: ModelInfo): string {
  const { parameters, context, training } = model
  return fields([
    ['Model', model.name],
    ['Method', model.method],
    ['Trained', model.trained ? 'yes' : 'no: its predictions mean nothing until it is'],
    ['Input', `3 x ${model.size} x ${model.size}`],
    ['Parameters', `${parameters.total} (${parameters.withoutHead} without the classifier)`],
    ['GA, days', `mean ${context.gaMeanDays}, deviation ${context.gaSdDays}`],
    ['BW, grams', `mean ${context.bwMeanGrams}, deviation ${context.bwSdGrams}`],
    ['Preprocessing', model.preprocessing.steps.join('; ')],
    ['Hash', model.hash],
    ['Made', model.createdAt],
    ['Folder', model.folder],
    ...(training ? trainingFields(training) : [])
  ])
}

function trainingFields(training: ModelTraining): [string, string][] {
  const { data, split, metrics } = training
  const { films, macroF1, macroAuroc } = metrics.validation ?? { films: 0, macroF1: null, macroAuroc: null }
  const share = (value: number | null) => value?.toFixed(4) ?? 'undefined'
  return [
    ['Parent', training.parent ?? 'none: began with fresh weights'],
    ['Trained part', `${training.scope} (preset ${training.preset})`],
    [
      'Films',
      `${data.films.train} trained on (${data.newLabels} newly labelled, ${data.rehearsal} rehearsed)`
    ],
    ['Split', split?.name ?? 'given with the films'],
    ['Length', `${training.epochs} epochs, ${training.steps} steps; stopped: ${training.stopReason}`],
    ['Validation', `${films} films: macro F1 ${share(macroF1)}, macro AUROC ${share(macroAuroc)}`]
  ]
}
