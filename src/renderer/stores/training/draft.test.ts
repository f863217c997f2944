import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { reactive } from 'vue'
import type { ProjectChange, TrainingOptions } from '../../../contract'
import { useTrainingDraft } from './draft'

const PRESETS = {
  paper: { epochs: 100, learningRate: 1e-4, patience: 10, batch: 16 },
  incremental: { epochs: 30, learningRate: 1e-3, patience: 5, batch: 16 }
}
const calls = vi.hoisted(() => ({ plan: vi.fn(), start: vi.fn(), methods: vi.fn(), runs: vi.fn() }))
vi.mock('../../api-client', () => ({
  toProblem: (error: Error) => ({ code: 'INTERNAL', message: error.message, data: {} }),
  api: { training: calls }
}))
const project = vi.hoisted(() => ({
  current: { folder: '/p' },
  tell: (_: Partial<ProjectChange>) => {},
  onChange: (listener: (change: ProjectChange) => void) => {
    project.tell = change => listener(change as ProjectChange)
    return () => {}
  }
}))
const stores = vi.hoisted(() => ({ models: {} as Record<string, unknown> }))
vi.mock('../project', () => ({ useProject: () => project }))
vi.mock('../jobs', () => ({ useJobs: () => ({ all: [], byId: new Map(), follow: async () => {} }) }))
vi.mock('../models', () => ({ useModels: () => stores.models }))

const METHODS = [
  { id: 'resnet50', scopes: ['head', 'last-stage', 'all'], context: 'none' },
  { id: 'ccgn', scopes: ['head', 'last-stage', 'all'], context: 'pooled' },
  { id: 'context-mlp', scopes: ['all'], context: 'pooled' }
]

function planFor(options: TrainingOptions) {
  return {
    hyperparameters: {
      ...PRESETS[options.preset],
      ...options.hyperparameters,
      batch: options.hyperparameters?.batch ?? 16
    },
    problems: options.split === 'empty' ? [{ severity: 'refuse', code: 'no-split' }] : []
  }
}

const settle = () => vi.advanceTimersByTimeAsync(400)
const lastAsked = () => calls.plan.mock.lastCall?.[0] as TrainingOptions

async function setUp(active: object | null) {
  setActivePinia(createPinia())
  stores.models = reactive({
    loaded: true,
    active,
    byId: new Map(active ? [['m1', active]] : [])
  })
  const draft = useTrainingDraft()
  const close = draft.open()
  await settle()
  return { draft, close }
}
const VERSION = { id: 'm1', method: 'ccgn', trained: true }

describe('training draft', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    calls.plan.mockReset().mockImplementation(async (options: TrainingOptions) => planFor(options))
    calls.start.mockReset().mockResolvedValue({ jobId: 'run' })
    calls.methods.mockReset().mockResolvedValue(METHODS)
    calls.runs.mockReset().mockResolvedValue([])
  })
  afterEach(() => vi.useRealTimers())

  it('begins with the trained version in use, and plans without being asked', async () => {
    const { draft } = await setUp(VERSION)
    expect(lastAsked()).toMatchObject({
      parentId: 'm1',
      method: 'ccgn',
      scope: 'head',
      preset: 'incremental',
      init: null
    })
    expect(draft.ready).toBe(true)
  })

  it('begins with fresh weights where no version is trained', async () => {
    await setUp({ ...VERSION, trained: false })
    expect(lastAsked()).toMatchObject({ parentId: null, method: 'ccgn', scope: 'all', preset: 'paper' })
  })

  it('asks once for choices made in quick succession, and is not ready meanwhile', async () => {
    const { draft } = await setUp(VERSION)
    calls.plan.mockClear()
    draft.choice.data = 'new-labels'
    await vi.advanceTimersByTimeAsync(50)
    draft.choice.rehearsal = '20'
    await vi.advanceTimersByTimeAsync(50)
    expect([draft.planning, draft.ready]).toEqual([true, false])
    await settle()
    expect(calls.plan).toHaveBeenCalledTimes(1)
    expect(lastAsked()).toMatchObject({ data: 'new-labels', rehearsal: 20 })
    expect(draft.ready).toBe(true)
  })

  it('throws away the plan for choices that have changed since', async () => {
    const { draft } = await setUp(VERSION)
    let release = (_: unknown) => {}
    calls.plan.mockImplementationOnce(() => new Promise(resolve => (release = resolve)))
    draft.choice.seed = '5'
    await settle()
    draft.choice.seed = '6'
    await settle()
    release({ hyperparameters: {}, problems: [{ severity: 'refuse', code: 'no-split' }] })
    await settle()
    expect(draft.refused).toBe(false)
    expect(lastAsked().seed).toBe(6)
  })

  it('marks what differs from the preset and returns to it', async () => {
    const { draft } = await setUp(null)
    expect(draft.fieldOf('learningRate')).toBe('0.0001')
    draft.write('learningRate', '0.01')
    draft.write('patience', '')
    draft.write('epochs', '100')
    await settle()
    expect([...draft.changed].sort()).toEqual(['learningRate', 'patience'])
    expect(lastAsked().hyperparameters).toEqual({ learningRate: 0.01, patience: null, epochs: 100 })
    draft.resetToPreset(['learningRate'])
    expect(draft.fieldOf('learningRate')).toBe('0.0001')
    draft.resetToPreset()
    await settle()
    expect(lastAsked().hyperparameters).toEqual({})
  })

  it('learns what the preset says of a value that was written before it was known', async () => {
    const { draft } = await setUp(null)
    draft.write('epochs', '7')
    draft.chooseMethod('resnet50')
    await settle()
    expect([draft.presetValues.epochs, [...draft.changed]]).toEqual([100, ['epochs']])
    expect(draft.plan?.hyperparameters.epochs).toBe(7)
  })

  it('takes all values of another preset', async () => {
    const { draft } = await setUp(null)
    draft.write('epochs', '7')
    draft.choosePreset('incremental')
    expect(draft.presetKnown).toBe(false)
    await settle()
    expect(draft.presetKnown).toBe(true)
    expect([draft.fieldOf('epochs'), draft.fieldOf('learningRate'), draft.changed.size]).toEqual([
      '30',
      '0.001',
      0
    ])
  })

  it('leaves the batch to the memory unless one is written', async () => {
    const { draft } = await setUp(null)
    expect(draft.fieldOf('batch')).toBe('')
    draft.write('batch', '4')
    await settle()
    expect([...draft.changed]).toEqual(['batch'])
  })

  it('asks nothing while a field cannot be read', async () => {
    const { draft } = await setUp(null)
    calls.plan.mockClear()
    draft.write('epochs', 'many')
    draft.choice.size = '7'
    await settle()
    expect([[...draft.invalid].sort(), draft.ready, draft.plan]).toEqual([['epochs', 'size'], false, null])
    expect(calls.plan).not.toHaveBeenCalled()
  })

  it('gives a method only a scope that it has', async () => {
    const { draft } = await setUp(VERSION)
    draft.chooseMethod('context-mlp')
    expect(draft.choice.scope).toBe('all')
  })

  it('is not ready where the plan refuses, and says why where planning itself fails', async () => {
    const { draft } = await setUp(VERSION)
    draft.choice.split = 'empty'
    await settle()
    expect([draft.refused, draft.ready]).toEqual([true, false])
    calls.plan.mockRejectedValueOnce(new Error('gone'))
    draft.choice.split = null
    await settle()
    expect([draft.problem?.message, draft.ready]).toEqual(['gone', false])
  })

  it('plans again as labels change, but not off screen', async () => {
    const { draft, close } = await setUp(VERSION)
    calls.plan.mockClear()
    project.tell({ areas: ['jobs'] })
    await settle()
    expect(calls.plan).not.toHaveBeenCalled()
    project.tell({ areas: ['labels'] })
    expect(draft.ready).toBe(true)
    await settle()
    expect(calls.plan).toHaveBeenCalledTimes(1)
    close()
    project.tell({ areas: ['labels'] })
    await settle()
    expect(calls.plan).toHaveBeenCalledTimes(1)
  })

  it('starts what was planned', async () => {
    const { draft } = await setUp(VERSION)
    draft.choice.name = ' July labels '
    await settle()
    expect(await draft.start()).toBe('run')
    expect(calls.start.mock.lastCall?.[0]).toEqual(lastAsked())
    expect(calls.start.mock.lastCall?.[0].name).toBe('July labels')
  })
})
