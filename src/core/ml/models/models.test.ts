import { describe, expect, it } from 'vitest'
import { validateGraph } from '../graph'
import { countParameters, inferenceGraph, METHODS, modelDefinition, modelParameters } from '.'

const SCALE = { gaMeanDays: 238, gaSdDays: 28, bwMeanGrams: 2200, bwSdGrams: 850 }

describe('models', () => {
  it('has the parameter counts that follow from the paper', () => {
    expect(countParameters(modelDefinition('ccgn'))).toEqual({ total: 23_588_006, withoutHead: 23_575_712 })
  })

  it('names parameters as torchvision does', () => {
    const names = modelParameters(modelDefinition('ccgn')).map(({ name }) => name)
    expect(names).toHaveLength(267 + 4)
    for (const name of [
      'conv1.weight',
      'bn1.running_mean',
      'layer1.0.conv1.weight',
      'layer1.0.downsample.0.weight',
      'layer1.0.downsample.1.running_var',
      'layer4.2.bn3.bias',
      'gate.fc1.weight',
      'gate.fc2.bias',
      'fc.weight',
      'fc.bias'
    ]) {
      expect(names).toContain(name)
    }
  })

  it('refuses an unknown method, naming those there are', () => {
    expect(() => modelDefinition('vgg')).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        detail: expect.objectContaining({ remedy: expect.stringContaining('ccgn') as string }) as object
      }) as Error
    )
  })

  it.each(METHODS.flatMap(method => [64, 101, 512].map(size => ({ method, size }))))(
    '$method makes a valid graph at $size pixels',
    ({ method, size }) => {
      const definition = modelDefinition(method)
      const graph = inferenceGraph(definition, { batch: 2, size }, SCALE)
      validateGraph(graph)
      const side = Math.ceil(size / 32)
      const shapes = Object.fromEntries(graph.outputs.map(({ name, shape }) => [name, shape]))
      expect(shapes).toMatchObject({
        logits: [2, 6],
        probabilities: [2, 6],
        maps: [2, 6, side, side],
        gatedMaps: [2, 6, side, side]
      })
    }
  )
})
