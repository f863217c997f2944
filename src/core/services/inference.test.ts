import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder'
import { NeoGateError, silentLogger, systemClock, type ChildPool } from '../foundation'
import type { CoreContext } from './core-context'
import { createInference } from './inference'
import type { PredictRequest, ProviderPresence, ProviderSelfTest } from './model-client'

const DEMO_MODEL = fileURLToPath(new URL('../../../resources/demo-model', import.meta.url))

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => (folder = await temporaryFolder('inference')))
afterEach(() => folder.remove())

/** Stands in for a machine: which providers it has, and what becomes of their tests and of predictions. */
function machine(behaviour: {
  tests: Partial<Record<string, ProviderSelfTest | NeoGateError>>
  predict?: (request: PredictRequest) => unknown
  asked?: string
}) {
  const calls: string[] = []
  const pool = {
    async call(method: string, payload: unknown) {
      if (method === 'providers') {
        return ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'].map((provider): ProviderPresence => ({
          provider: provider as ProviderPresence['provider'],
          present: provider in behaviour.tests,
          absence: provider in behaviour.tests ? null : 'not-in-build'
        }))
      }
      const { provider } = payload as PredictRequest
      calls.push(`${method} ${provider}`)
      if (method === 'predict') return behaviour.predict?.(payload as PredictRequest) ?? []
      const result = behaviour.tests[provider]
      if (result instanceof NeoGateError) throw result
      return result
    },
    close() {}
  } as ChildPool
  const inference = createInference({
    models: pool,
    settings: { get: () => ({ provider: behaviour.asked ?? 'auto' }) } as CoreContext['settings'],
    userFolder: folder.path,
    clock: systemClock,
    info: { runtime: { onnxruntime: '1.0' } } as CoreContext['info'],
    logger: silentLogger
  })
  return { calls, inference }
}

const passed = (filmsPerSecond: number) => ({ passed: true, maxError: 1e-6, filmsPerSecond })
const crash = new NeoGateError('WORKER_FAILED', 'The model worker stopped.', { reason: 'crashed' })

describe('choice of provider', () => {
  it('takes the fastest that agrees with the CPU', async () => {
    const { inference } = machine({
      tests: {
        cpu: passed(10),
        webgpu: passed(40),
        cuda: { passed: false, maxError: 0.5, filmsPerSecond: 0 }
      }
    })
    const providers = await inference.providers()
    expect(providers.filter(({ inUse }) => inUse).map(({ id }) => id)).toEqual(['webgpu'])
    expect(providers.find(({ id }) => id === 'cuda')).toMatchObject({
      available: false,
      reason: 'wrong-results',
      selfTest: { maxError: 0.5 }
    })
    expect(providers.find(({ id }) => id === 'dml')).toMatchObject({
      available: false,
      reason: 'not-in-build'
    })
  })

  it('keeps the CPU where a provider is slower or kills its child', async () => {
    const { inference } = machine({ tests: { cpu: passed(10), webgpu: passed(2), cuda: crash } })
    const providers = await inference.providers()
    expect(providers.find(({ inUse }) => inUse)?.id).toBe('cpu')
    expect(providers.find(({ id }) => id === 'cuda')).toMatchObject({
      reason: 'failed',
      detail: crash.message,
      selfTest: null
    })
  })

  it('tests once per machine, and again when the runtime changes', async () => {
    const tests = { cpu: passed(10), webgpu: passed(2) }
    await machine({ tests }).inference.providers()
    const second = machine({ tests })
    await second.inference.providers()
    expect(second.calls).toEqual([])
    const record = JSON.parse(await readFile(join(folder.path, 'providers.json'), 'utf8')) as {
      runtime: string
    }
    expect(record.runtime).toContain('1.0')
  })

  it('tests nothing where the CPU is asked for', async () => {
    const { inference, calls } = machine({ tests: { cpu: passed(10), webgpu: passed(40) }, asked: 'cpu' })
    const answer = await inference.predict(await inference.open(DEMO_MODEL), [], null)
    expect(answer).toEqual({ outputs: [], provider: 'cpu', fallback: null })
    expect(calls).toEqual(['predict cpu'])
  })

  it('says so when the provider asked for cannot be used', async () => {
    const { inference } = machine({ tests: { cpu: passed(10) }, asked: 'cuda' })
    const { provider, fallback } = await inference.predict(await inference.open(DEMO_MODEL), [], null)
    expect(provider).toBe('cpu')
    expect(fallback).toBe('cuda could not be used, so the CPU was: Not part of the runtime for this system.')
  })

  it('goes on with the CPU when a provider fails in use, and does not try it again', async () => {
    const { inference, calls } = machine({
      tests: { cpu: passed(10), webgpu: passed(40) },
      predict: ({ provider }) => {
        if (provider !== 'cpu') throw crash
        return []
      }
    })
    const model = await inference.open(DEMO_MODEL)
    const first = await inference.predict(model, [], null)
    expect(first).toMatchObject({
      provider: 'cpu',
      fallback: expect.stringContaining('webgpu failed') as string
    })
    await inference.predict(model, [], null)
    expect(calls.filter(call => call.startsWith('predict'))).toEqual([
      'predict webgpu',
      'predict cpu',
      'predict cpu'
    ])
  })

  it('passes on what is no fault of the provider', async () => {
    const { inference } = machine({
      tests: { cpu: passed(10), webgpu: passed(40) },
      predict: () => {
        throw new NeoGateError('CANCELLED', 'cancelled')
      }
    })
    const model = await inference.open(DEMO_MODEL)
    await expect(inference.predict(model, [], null)).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
