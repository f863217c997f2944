import { describe, expect, it } from 'vitest'
import { createGraphBuilder, validateGraph } from '../graph'
import {
  buildFrom,
  countParameters,
  entriesOf,
  entryShape,
  headGraph,
  inferenceGraph,
  METHODS,
  MODEL_DEFINITIONS,
  modelDefinition,
  modelParameters
} from '.'

const SCALE = { gaMeanDays: 238, gaSdDays: 28, bwMeanGrams: 2200, bwSdGrams: 850 }

describe('models', () => {
  it.each([
    ['resnet50', 23_520_326, 23_508_032],
    ['convnext-tiny', 27_824_742, 27_820_128],
    ['swin-t', 27_523_968, 27_519_354],
    ['early-fusion', 23_526_598, 23_514_304],
    ['late-fusion', 23_525_062, 23_512_384],
    ['se-resnet50', 26_051_318, 26_039_024],
    ['cbam-resnet50', 26_052_918, 26_040_624],
    ['ccgn', 23_588_006, 23_575_712]
  ])('%s has the parameter count that follows from the paper', (method, total, withoutHead) => {
    expect(modelDefinition(method).origin).toBe('paper')
    expect(countParameters(modelDefinition(method))).toEqual({ total, withoutHead })
  })

  it('lists the eight methods of the paper first, and says of every other where it comes from', () => {
    expect(METHODS.slice(0, 8)).toEqual([
      'resnet50',
      'convnext-tiny',
      'swin-t',
      'early-fusion',
      'late-fusion',
      'se-resnet50',
      'cbam-resnet50',
      'ccgn'
    ])
    expect(MODEL_DEFINITIONS.slice(8).map(({ origin }) => origin)).not.toContain('paper')
    expect(new Set(METHODS).size).toBe(METHODS.length)
  })

  it.each([
    ['ccgn', 267 + 4, ['conv1.weight', 'layer1.0.downsample.1.running_var', 'gate.fc2.bias', 'fc.bias']],
    ['late-fusion', 267 + 4, ['context.fc1.weight', 'context.fc2.bias']],
    ['se-resnet50', 267 + 16 * 4, ['layer1.0.se.fc1.weight', 'layer4.2.se.fc2.bias']],
    [
      'cbam-resnet50',
      267 + 16 * 9,
      [
        'layer1.0.cbam.ChannelGate.mlp.1.weight',
        'layer4.2.cbam.ChannelGate.mlp.3.bias',
        'layer3.5.cbam.SpatialGate.spatial.conv.weight',
        'layer2.0.cbam.SpatialGate.spatial.bn.running_mean'
      ]
    ],
    ['convnext-tiny', 182, ['features.0.0.bias', 'features.5.8.layer_scale', 'classifier.0.weight']],
    [
      'swin-t',
      173,
      ['features.1.0.attn.relative_position_bias_table', 'features.6.reduction.weight', 'norm.bias']
    ]
  ])('%s names its parameters as published weights do', (method, count, some) => {
    const names = modelParameters(modelDefinition(method)).map(({ name }) => name)
    expect(names).toHaveLength(count)
    expect(names).toEqual(expect.arrayContaining(some))
  })

  it('refuses an unknown method, naming those there are', () => {
    expect(() => modelDefinition('vgg')).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        detail: expect.objectContaining({ remedy: expect.stringContaining('ccgn') as string }) as object
      }) as Error
    )
  })

  it('leaves a network with a candidate gate at first as it was without', () => {
    const fresh = (method: string) =>
      modelParameters(modelDefinition(method)).filter(({ name }) => /^(gate|film)\..*fc2/.test(name))
    for (const method of ['ccgn-2sigmoid', 'ccgn-film', 'ccgn-multistage']) {
      expect(fresh(method).length).toBeGreaterThan(0)
      for (const { initial } of fresh(method)) expect(initial).toEqual({ kind: 'constant', value: 0 })
    }
  })
})

const IMAGE_METHODS = METHODS.filter(method => modelDefinition(method).backbone)
const CONTROLS = METHODS.filter(method => !modelDefinition(method).backbone)

describe.each(IMAGE_METHODS)('%s', method => {
  const definition = modelDefinition(method)

  it.each([64, 101, 512])('makes a valid graph at %i pixels', size => {
    const graph = inferenceGraph(definition, { batch: 2, size }, SCALE)
    validateGraph(graph)
    // ConvNeXt's windows lie side by side and leave out what does not fill one.
    const side = method === 'convnext-tiny' ? Math.floor(size / 32) : Math.ceil(size / 32)
    const shapes = Object.fromEntries(graph.outputs.map(({ name, shape }) => [name, shape]))
    expect(shapes).toMatchObject({
      logits: [2, 6],
      probabilities: [2, 6],
      maps: [2, 6, side, side]
    })
    expect('gatedMaps' in shapes).toBe(/^(ccgn|film)/.test(method))
  })

  it('is whole from its two pieces, and can be entered at each', () => {
    expect(entriesOf(definition)).toEqual(['image', 'trunk', 'pooled'])
    const names = (entry: 'image' | 'trunk' | 'pooled') => {
      const g = createGraphBuilder('part')
      const input = g.input('input', 'float32', [1, ...entryShape(definition, entry, 64)])
      const context = g.input('context', 'float32', [1, 2])
      g.build({ logits: buildFrom(definition, entry, g, { input, context }).logits })
      return g.parameters.map(({ name }) => name)
    }
    const [whole, lastStage, head] = [names('image'), names('trunk'), names('pooled')]
    expect(whole.slice(-lastStage.length)).toEqual(lastStage)
    expect(lastStage.slice(-head.length)).toEqual(head)
    expect(lastStage.length).toBeLessThan(whole.length)
    expect(head.some(name => name.startsWith(definition.head))).toBe(true)
    validateGraph(headGraph(definition))
  })
})

describe.each(CONTROLS)('%s', method => {
  const definition = modelDefinition(method)

  it('takes GA and BW and nothing else', () => {
    const graph = inferenceGraph(definition, { batch: 3, size: 64 }, SCALE)
    validateGraph(graph)
    expect(graph.inputs.map(({ name }) => name)).toEqual(['context'])
    expect(graph.outputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['logits', [3, 6]],
      ['probabilities', [3, 6]]
    ])
  })

  it('has no entry with an image', () => {
    expect(entriesOf(definition)).toEqual(['pooled'])
    expect(entryShape(definition, 'pooled', 64)).toEqual([0])
    expect(() => entryShape(definition, 'image', 64)).toThrow(/sees no image/)
  })
})
