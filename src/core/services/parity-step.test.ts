import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelDefinition, modelParameters } from '../ml/models'
import { loadWeights } from '../ml/weights'
import { buildModel } from './model-building'
import { encodeNpy, writeNpy } from './npy'
import { parityStep, type ParityRequest } from './parity-step'

const SIZE = 32
const FILMS = 2

describe('parity step', () => {
  let folder: string
  let request: ParityRequest
  const at = (name: string) => join(folder, name)
  const floats = (shape: number[], value: (i: number) => number) => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i))
    return { shape, dtype: '<f4', data: new Uint8Array(data.buffer) }
  }
  const labels = (values: number[]) => ({
    shape: [values.length],
    dtype: '<i8',
    data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
  })
  const run = (changes: Partial<ParityRequest> = {}) =>
    parityStep({ ...request, ...changes }, { signal: new AbortController().signal })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'neogate-parity-'))
    const createdAt = new Date(0).toISOString()
    const model = { method: 'ccgn-small', size: SIZE, seed: 1, init: null, name: null, out: at('model') }
    await buildModel({ ...model, createdAt })
    await writeNpy(
      at('X.npy'),
      floats([FILMS, 3, SIZE, SIZE], i => Math.sin(i * 0.37))
    )
    await writeNpy(
      at('C.npy'),
      floats([FILMS, 2], i => i - 1)
    )
    await writeNpy(at('Y.npy'), labels([0, 5]))
    request = {
      model: at('model'),
      images: at('X.npy'),
      context: at('C.npy'),
      labels: at('Y.npy'),
      learningRate: 1e-3,
      weightDecay: 1e-5,
      steps: 3,
      freezeBatchNorm: false,
      out: at('after.safetensors')
    }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('learns the films, renews the running statistics and writes every tensor', async () => {
    const { films, size, losses } = await run()
    expect({ films, size }).toEqual({ films: FILMS, size: SIZE })
    expect(losses).toHaveLength(3)
    expect(losses[2]).toBeLessThan(losses[0]!)
    const parameters = modelParameters(modelDefinition('ccgn-small'))
    const whole = { seed: 0, head: null, ownParts: [] }
    const { tensors } = await loadWeights(request.out, parameters, whole)
    expect(Math.max(...(tensors.get('bn1.running_mean')!.data as Float32Array))).toBeGreaterThan(0)
  })

  it('leaves the running statistics alone when batch-norm is frozen', async () => {
    await run({ freezeBatchNorm: true, steps: 1 })
    const whole = { seed: 0, head: null, ownParts: [] }
    const parameters = modelParameters(modelDefinition('ccgn-small'))
    const { tensors } = await loadWeights(request.out, parameters, whole)
    expect(new Set(tensors.get('bn1.running_mean')!.data as Float32Array)).toEqual(new Set([0]))
  })

  it.each([
    ['images', () => floats([FILMS, 1, SIZE, SIZE], () => 0), /shape \(2, 1, 32, 32\), not \(N, 3, S, S\)/],
    ['images', () => floats([FILMS, 3, SIZE, SIZE], i => (i === 7 ? NaN : 0)), /NaN at element 7/],
    ['context', () => floats([FILMS, 3], () => 0), /shape \(2, 3\), not \(2, 2\)/],
    ['context', () => ({ ...floats([FILMS, 2], () => 0), dtype: '<i4' }), /holds <i4, not float32/],
    ['labels', () => labels([0, 6]), /holds 6 at 1; a class is 0 to 5/],
    ['labels', () => labels([-1, 0]), /holds -1 at 0/],
    ['labels', () => floats([FILMS], () => 0), /not integers/],
    ['labels', () => labels([0, 1, 2]), /shape \(3\), not \(2\)/]
  ] as const)('refuses %s: %#', async (field, array, message) => {
    const file = at('wrong.npy')
    await writeNpy(file, array())
    await expect(run({ [field]: file })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(message) as string,
      detail: { file, field }
    })
  })

  it.each([
    ['cut off', (whole: Buffer) => whole.subarray(0, -5), /the shape|its shape/],
    ['cut off in its header', (whole: Buffer) => whole.subarray(0, 40), /header/],
    ['no .npy file', () => Buffer.from('films, all of them'), /not a \.npy file/],
    [
      'in Fortran order',
      (whole: Buffer) => Buffer.from(whole.toString('latin1').replace('False, ', 'True,  '), 'latin1'),
      /Fortran/
    ],
    [
      'of complex numbers',
      (whole: Buffer) => Buffer.from(whole.toString('latin1').replace('<f4', '<c8'), 'latin1'),
      /<c8 are not read/
    ]
  ] as const)('refuses images %s', async (_, damage, message) => {
    const file = at('damaged.npy')
    await writeFile(file, damage(Buffer.from(encodeNpy(floats([FILMS, 3, SIZE, SIZE], () => 0)))))
    await expect(run({ images: file })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(message) as string,
      detail: { file, field: 'images' }
    })
  })

  it('stops at a loss that is no number and keeps what was there', async () => {
    await writeFile(request.out, 'kept')
    await expect(run({ learningRate: 1e30, steps: 5 })).rejects.toMatchObject({
      code: 'MODEL_REFUSED',
      detail: { reason: 'diverged' }
    })
    expect(await readFile(request.out, 'utf8')).toBe('kept')
  })

  it('stops when cancelled', async () => {
    await rm(request.out, { force: true })
    const signal = AbortSignal.abort()
    await expect(parityStep(request, { signal })).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(stat(request.out)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
