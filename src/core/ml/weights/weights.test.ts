import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/support/temporary-folder'
import { createRandom, NeoGateError } from '../../foundation'
import { bindParameters, createGraphBuilder, float32, toOnnx, type Parameter, type Tensor } from '../graph'
import { freshTensors, loadWeights, openWeights, writeSafetensors } from '.'

const GOLDEN = fileURLToPath(new URL('../../../../test/golden/weights/', import.meta.url))
/** A network in small: what torchvision names, and a gate and a classifier of our own. */
const g = createGraphBuilder('test')
const normal = { kind: 'normal', sd: 1 } as const
const one = { kind: 'constant', value: 1 } as const
g.parameter('conv1.weight', [4, 3, 7, 7], normal)
g.parameter('bn1.weight', [4], one)
g.parameter('bn1.running_var', [4], one, 'buffer')
g.parameter('layer1.0.conv1.weight', [8, 4, 1, 1], normal)
g.parameter('gate.fc1.weight', [3, 2], normal)
g.parameter('gate.fc1.bias', [3], { kind: 'uniform', bound: 0.7 })
g.parameter('fc.weight', [6, 8], normal)
g.parameter('fc.bias', [6], { kind: 'uniform', bound: 0.3 })
const graph = g.build({ doubled: g.node('Add', [g.value('fc.bias'), g.value('fc.bias')]) })
const parameters: readonly Parameter[] = graph.parameters
const OPTIONS = { seed: 5, head: 'fc.', ownParts: ['gate.'] }

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => (folder = await temporaryFolder('weights')))
afterAll(() => folder.remove())

async function saved(name: string, tensors: Map<string, Tensor>): Promise<string> {
  const path = join(folder.path, name)
  await writeSafetensors(path, tensors)
  return path
}

/** As toEqual, but quick for large tensors. */
function expectSame(found: ReadonlyMap<string, Tensor>, expected: ReadonlyMap<string, Tensor>): void {
  expect([...found.keys()]).toEqual([...expected.keys()])
  for (const [name, { shape, data }] of expected) {
    expect(found.get(name)!.shape, name).toEqual(shape)
    const bytes = ({ buffer, byteOffset, byteLength }: Tensor['data']) =>
      Buffer.from(buffer, byteOffset, byteLength)
    expect(bytes(found.get(name)!.data).equals(bytes(data)), name).toBe(true)
  }
}

function refusal(detail: object): unknown {
  return expect.objectContaining({
    code: 'WEIGHTS_REFUSED',
    detail: expect.objectContaining(detail) as object
  })
}

describe('loading a model', () => {
  it('takes back exactly what was written', async () => {
    const tensors = freshTensors(parameters, 9)
    const { tensors: found, report } = await loadWeights(
      await saved('all.safetensors', tensors),
      parameters,
      OPTIONS
    )
    expectSame(found, tensors)
    expect(report).toMatchObject({ fresh: [], ignored: [] })
  })

  it("takes the backbone of an ImageNet classifier: 'fc' is for other classes, the gate is not in it", async () => {
    const tensors = new Map([...freshTensors(parameters, 9)].filter(([name]) => !name.startsWith('gate.')))
    tensors.set('fc.weight', float32([1000, 8], new Float32Array(8000)))
    tensors.set('fc.bias', float32([1000], new Float32Array(1000)))
    tensors.set('bn1.num_batches_tracked', float32([], [7]))
    const path = await saved('imagenet.safetensors', tensors)
    const { tensors: found, report } = await loadWeights(path, parameters, OPTIONS)
    expect(report.ignored).toEqual(['fc.weight', 'fc.bias', 'bn1.num_batches_tracked'])
    expect(report.fresh).toEqual(['gate.fc1.weight', 'gate.fc1.bias', 'fc.weight', 'fc.bias'])
    expect(found.get('conv1.weight')).toEqual(tensors.get('conv1.weight'))
    expect(found.get('fc.weight')).toEqual(freshTensors(parameters, OPTIONS.seed).get('fc.weight'))
  })

  it('takes the first input channels of a weight that this method has widened', async () => {
    const narrow = freshTensors(parameters, 9)
    const wide = parameters.map(parameter =>
      parameter.name === 'conv1.weight' ? { ...parameter, shape: [4, 5, 7, 7] } : parameter
    )
    const path = await saved('narrow.safetensors', narrow)
    const options = { ...OPTIONS, widened: ['conv1.weight'] }
    const { tensors: found, report } = await loadWeights(path, wide, options)
    expect(report).toMatchObject({ widened: ['conv1.weight'], fresh: [], ignored: [] })
    const fresh = freshTensors(wide, OPTIONS.seed).get('conv1.weight')!.data
    const given = narrow.get('conv1.weight')!.data
    found.get('conv1.weight')!.data.forEach((value, i) => {
      const [filter, place] = [Math.floor(i / 245), i % 245]
      expect(value).toBe(place < 147 ? given[filter * 147 + place] : fresh[i])
    })
    await expect(loadWeights(path, wide, OPTIONS)).rejects.toThrow(/conv1.weight/)
  })

  it("leaves out a classifier that is not given what ours is, and blocks' own parts", async () => {
    const wide = parameters.map(parameter =>
      parameter.name === 'fc.weight' ? { ...parameter, shape: [6, 8 + 3] } : parameter
    )
    const attended = [...wide, { ...parameters[0]!, name: 'layer1.0.se.fc1.weight' }]
    const path = await saved('plain.safetensors', freshTensors(parameters, 9))
    const options = { ...OPTIONS, ownParts: ['gate.', '.se.'] }
    const { report } = await loadWeights(path, attended, options)
    expect(report.fresh).toEqual(['fc.weight', 'fc.bias', 'layer1.0.se.fc1.weight'])
  })

  it('takes off what wrappers put before every name', async () => {
    const tensors = freshTensors(parameters, 9)
    const wrapped = new Map([...tensors].map(([name, tensor]) => [`module.model.${name}`, tensor]))
    const { tensors: found } = await loadWeights(
      await saved('wrapped.safetensors', wrapped),
      parameters,
      OPTIONS
    )
    expectSame(found, tensors)
  })

  it('takes weights from an ONNX file of its own', async () => {
    const tensors = freshTensors(parameters, 9)
    const path = join(folder.path, 'model.onnx')
    await writeFile(path, toOnnx(bindParameters(graph, tensors)))
    expectSame((await loadWeights(path, parameters, OPTIONS)).tensors, tensors)
  })

  it('names a tensor of another shape, expected and found', async () => {
    const tensors = freshTensors(parameters, 9)
    tensors.set('layer1.0.conv1.weight', float32([8, 4, 3, 3], new Float32Array(288)))
    await expect(
      loadWeights(await saved('shape.safetensors', tensors), parameters, OPTIONS)
    ).rejects.toMatchObject({
      code: 'WEIGHTS_REFUSED',
      message: expect.stringContaining(
        "tensor 'layer1.0.conv1.weight' should be [8, 4, 1, 1], found [8, 4, 3, 3]"
      ) as string,
      detail: { field: 'layer1.0.conv1.weight', reason: 'shape' }
    })
  })

  it('refuses a file that lacks part of the backbone', async () => {
    const tensors = freshTensors(parameters, 9)
    tensors.delete('bn1.running_var')
    await expect(
      loadWeights(await saved('lacking.safetensors', tensors), parameters, OPTIONS)
    ).rejects.toThrow(refusal({ field: 'bn1.running_var', reason: 'missing-tensors' }) as Error)
  })

  it('refuses values that are no numbers', async () => {
    const tensors = freshTensors(parameters, 9)
    ;(tensors.get('bn1.weight')!.data as Float32Array)[3] = NaN
    await expect(loadWeights(await saved('nan.safetensors', tensors), parameters, OPTIONS)).rejects.toThrow(
      refusal({ field: 'bn1.weight', reason: 'not-finite' }) as Error
    )
  })
})

/** A safetensors file with the given header and bytes of data. */
async function crafted(name: string, header: string, dataBytes: number): Promise<string> {
  const path = join(folder.path, name)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)))
  await writeFile(path, Buffer.concat([length, Buffer.from(header), Buffer.alloc(dataBytes)]))
  return path
}

describe('safetensors that are not what they claim', () => {
  const entry = (shape: number[], begin: number, end: number, dtype = 'F32') => ({
    dtype,
    shape,
    data_offsets: [begin, end]
  })
  it.each([
    ['no-json', '{"a":', 4, 'JSON'],
    ['list', '[1]', 4, 'JSON'],
    ['outside', JSON.stringify({ a: entry([4], 0, 16) }), 8, 'outside'],
    ['backwards', JSON.stringify({ a: entry([1], 8, 4) }), 8, 'outside'],
    ['wrong-length', JSON.stringify({ a: entry([3], 0, 8) }), 8, 'its shape asks for 12'],
    ['overlap', JSON.stringify({ a: entry([2], 0, 8), b: entry([1], 4, 8) }), 8, 'overlaps'],
    ['gap', JSON.stringify({ a: entry([1], 0, 4), b: entry([1], 8, 12) }), 12, 'gap'],
    ['rest', JSON.stringify({ a: entry([1], 0, 4) }), 8, 'belong to no tensor'],
    ['dtype', JSON.stringify({ a: entry([1], 0, 4, 'F8_E4M3') }), 4, 'F8_E4M3'],
    ['inherited-dtype', JSON.stringify({ a: entry([1], 0, 4, 'toString') }), 4, 'toString'],
    ['huge-shape', JSON.stringify({ a: entry([2 ** 40, 2 ** 40], 0, 4) }), 4, 'asks for'],
    ['negative', JSON.stringify({ a: entry([-1], 0, 4) }), 4, 'malformed']
  ])('%s', async (name, header, dataBytes, problem) => {
    const path = await crafted(`${name}.safetensors`, header, dataBytes)
    await expect(openWeights(path)).rejects.toMatchObject({
      code: 'WEIGHTS_REFUSED',
      message: expect.stringContaining(problem) as string
    })
  })

  it('a header longer than the file', async () => {
    const path = join(folder.path, 'header.safetensors')
    await writeFile(path, Buffer.from('ffffffffffffff7f', 'hex'))
    await expect(openWeights(path)).rejects.toThrow(refusal({ reason: 'damaged' }) as Error)
  })
})

describe('damaged files', () => {
  /** Reads all there is; whatever is wrong must come out as a refusal. */
  async function readAll(path: string): Promise<void> {
    const weights = await openWeights(path)
    try {
      for (const name of weights.tensors.keys()) await weights.read(name)
    } finally {
      await weights.close()
    }
  }

  it.each(['nested.pth', 'strided.pth', 'protocol4.pth', 'types.safetensors'])(
    '%s cut short or with bytes changed is read or refused, never anything else',
    async name => {
      const whole = await readFile(join(GOLDEN, name))
      const path = join(folder.path, `damaged-${name}`)
      const random = createRandom(11, name)
      for (let trial = 0; trial < 150; trial++) {
        const bytes = Buffer.from(whole)
        for (let change = random.integer(1, 4); change > 0; change--) {
          bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255)
        }
        const length = random.chance(0.3) ? random.integer(0, bytes.length) : bytes.length
        await writeFile(path, bytes.subarray(0, length))
        await readAll(path).catch((error: unknown) => {
          expect(error, `trial ${trial}`).toBeInstanceOf(NeoGateError)
          expect((error as NeoGateError).code, `trial ${trial}: ${String(error)}`).toBe('WEIGHTS_REFUSED')
        })
      }
    }
  )

  it('is refused by its ending where that says nothing', async () => {
    const path = join(folder.path, 'weights.h5')
    await writeFile(path, 'x')
    await expect(openWeights(path)).rejects.toThrow(refusal({ reason: 'unknown-format' }) as Error)
  })

  it('says so where there is no such file', async () => {
    await expect(openWeights(join(folder.path, 'absent.pth'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
