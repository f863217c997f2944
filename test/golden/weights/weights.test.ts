import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { openWeights } from '../../../src/core/ml/weights'
import { temporaryFolder } from '../../support/temporary-folder'

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url))

type Expected = Record<string, Record<string, { shape: number[]; values: number[] }>>
const golden = JSON.parse(readFileSync(file('expected.json'), 'utf8')) as Expected

describe.each(Object.entries(golden))('%s as torch.save wrote it', (name, tensors) => {
  it('reads every tensor as torch.load does', async () => {
    const weights = await openWeights(file(name))
    const shapes = [...weights.tensors].map(([key, { shape }]) => [key.replace('module.', ''), [...shape]])
    expect(Object.fromEntries(shapes)).toEqual(
      Object.fromEntries(Object.entries(tensors).map(([key, { shape }]) => [key, shape]))
    )
    for (const [key] of weights.tensors) {
      const found = Array.from(await weights.read(key))
      expect(found, key).toEqual(tensors[key.replace('module.', '')]!.values)
    }
    await weights.close()
  })
})

describe('a checkpoint that runs a command when it is unpickled', () => {
  let cleanUp = async () => {}
  afterEach(() => cleanUp())

  it('is refused by the name of what it wants to run, and runs nothing', async () => {
    const folder = await temporaryFolder('canary')
    cleanUp = folder.remove
    process.env.NEOGATE_CANARY = `${folder.path}/ran`
    await expect(openWeights(file('malicious.pth'))).rejects.toMatchObject({
      code: 'WEIGHTS_REFUSED',
      message: expect.stringContaining('Nothing in the file was executed') as string,
      detail: { file: file('malicious.pth'), field: 'posix.system', reason: 'forbidden-global' }
    })
    expect(existsSync(process.env.NEOGATE_CANARY)).toBe(false)
  })
})

describe('checkpoints that are no plain state_dict', () => {
  it.each([
    ['whole-module.pth', { field: 'torch.nn.modules.linear.Linear', reason: 'forbidden-global' }],
    ['namespace.pth', { field: 'argparse.Namespace', reason: 'forbidden-global' }],
    ['legacy.pth', { reason: 'legacy-format' }],
    ['compressed.pth', { reason: 'compressed' }]
  ])('%s is refused with a way out', async (name, detail) => {
    await expect(openWeights(file(name))).rejects.toMatchObject({
      code: 'WEIGHTS_REFUSED',
      detail: {
        file: file(name),
        ...detail,
        remedy: expect.stringMatching(/torch\.save|safetensors/) as string
      }
    })
  })
})

describe('safetensors written by another hand', () => {
  it('reads every element type, a scalar, an empty tensor and the metadata', async () => {
    const weights = await openWeights(file('types.safetensors'))
    expect(weights.metadata).toEqual({ made: 'for a test', 이름: '시험' })
    expect(weights.tensors.get('f32')).toMatchObject({ dtype: 'F32', shape: [4, 4] })
    for (const name of ['f64', 'f32', 'f16', 'bf16', 'i64']) {
      expect(Array.from(await weights.read(name)), name).toEqual(golden['types.pth']![name]!.values)
    }
    expect(Array.from(await weights.read('scalar'))).toEqual([2.5])
    expect(Array.from(await weights.read('empty'))).toEqual([])
    await weights.close()
  })
})
