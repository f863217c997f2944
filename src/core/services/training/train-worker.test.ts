import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRandom, NeoGateError } from '../../foundation'
import { PAPER_ADAM } from '../../ml/optimizers'
import { openSafetensors } from '../../ml/weights'
import type { TrainChildEvent, TrainQuestion, TrainRequest } from './train-client'
import { trainWorkerHandlers } from './train-worker'

const SIZE = 32
const FILMS = { train: 14, validation: 6 }

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'neogate-train-worker-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

function facts(side: 'train' | 'validation'): TrainRequest['train'] {
  const count = FILMS[side]
  return {
    ids: Array.from({ length: count }, (_, i) => `${side}-${i}`),
    labels: Int32Array.from({ length: count }, (_, i) => i % 6),
    contexts: Float32Array.from({ length: 2 * count }, (_, i) => Math.sin(i)),
    teacher: null
  }
}

function request(entry: TrainRequest['entry'], changes: Partial<TrainRequest['options']> = {}): TrainRequest {
  return {
    method: 'ccgn-small',
    entry,
    run: 'run-1',
    start: { kind: 'fresh' },
    checkpointFile: join(folder, 'checkpoint.safetensors'),
    bestFile: join(folder, 'best.safetensors'),
    featuresFolder: join(folder, 'features'),
    checkpointSteps: 2,
    train: facts('train'),
    validation: facts('validation'),
    options: {
      size: SIZE,
      filmsPerStep: 4,
      batch: 4,
      epochs: 2,
      patience: null,
      schedule: { peak: 1e-3, warmUpSteps: 0, cosineSteps: null },
      optimizer: PAPER_ADAM,
      clipNorm: 1,
      layerDecay: 1,
      batchNorm: 'frozen',
      labelSmoothing: 0,
      distillation: 0,
      classWeights: [1, 1, 1, 1, 1, 1],
      augmentation: null,
      seed: 3,
      provider: 'cpu',
      ...changes
    }
  }
}

/** Answers questions with films made from their numbers. */
async function answer(question: TrainQuestion): Promise<Float32Array> {
  const noise = (name: string, length: number) => {
    const random = createRandom(1, name)
    return Float32Array.from({ length }, () => random.next())
  }
  if (question.kind === 'plane') return noise(`${question.side}/${question.film}`, SIZE * SIZE)
  return noise(`${question.side}/pooled`, (question.to - question.from) * question.channels)
}

async function train(
  asked: TrainRequest,
  { stopAfter = Infinity, ask = answer }: { stopAfter?: number; ask?: typeof answer } = {}
) {
  const events: TrainChildEvent[] = []
  const stop = new AbortController()
  const outcome = await trainWorkerHandlers
    .train(asked, {
      signal: stop.signal,
      emit(event) {
        events.push(event as TrainChildEvent)
        if (events.filter(({ type }) => type === 'checkpoint').length >= stopAfter) stop.abort()
      },
      ask: question => ask(question as TrainQuestion) as never
    })
    .catch((error: NeoGateError) => error)
  return { events, outcome }
}

async function tensor(file: string, name: string): Promise<Float32Array> {
  const weights = await openSafetensors(file)
  try {
    return await weights.read(name)
  } finally {
    await weights.close()
  }
}

describe('train worker', { timeout: 120_000 }, () => {
  it.each(['image', 'trunk', 'pooled'] as const)(
    'trains from %s, and after a stop goes on to bitwise the same weights',
    async entry => {
      const whole = await train(request(entry))
      expect(whole.outcome).toMatchObject({ reason: 'epochs', epochs: 2, steps: 8 })
      const names = ['fc.weight', 'gate.fc2.bias', 'layer4.0.conv1.weight']
      const wanted = await Promise.all(names.map(name => tensor(join(folder, 'best.safetensors'), name)))
      await rm(join(folder, 'checkpoint.safetensors'))

      const stopped = await train(request(entry), { stopAfter: 1 })
      expect(stopped.outcome).toMatchObject({ code: 'CANCELLED' })
      const resumed = await train(request(entry))
      expect(resumed.events.find(({ type }) => type === 'started')).toMatchObject({ resumed: true, step: 2 })
      const found = await Promise.all(names.map(name => tensor(join(folder, 'best.safetensors'), name)))
      expect(found).toEqual(wanted)
    }
  )

  it('keeps features before the last stage as float16, once', async () => {
    await train(request('trunk', { epochs: 1 }))
    const [key] = await readdir(join(folder, 'features'))
    const files = await readdir(join(folder, 'features', key!))
    expect(files).toHaveLength(FILMS.train + FILMS.validation)
    const questions: TrainQuestion[] = []
    await rm(join(folder, 'checkpoint.safetensors'))
    await train(request('trunk', { epochs: 1 }), {
      ask: question => (questions.push(question), answer(question))
    })
    expect(questions).toEqual([])
  })

  it('leaves a film out that can no longer be read, and stops when too many cannot', async () => {
    const losing = (lost: number) => async (question: TrainQuestion) => {
      if (question.kind === 'plane' && question.side === 'validation' && question.film < lost) {
        throw new NeoGateError('NOT_FOUND', 'gone')
      }
      return answer(question)
    }
    const one = await train(request('image', { epochs: 1 }), { ask: losing(1) })
    expect(one.outcome).toMatchObject({ reason: 'epochs' })
    const training = async (question: TrainQuestion) => {
      if (question.kind === 'plane' && question.side === 'train') throw new NeoGateError('NOT_FOUND', 'gone')
      return answer(question)
    }
    await rm(join(folder, 'checkpoint.safetensors'))
    const all = await train(request('image'), { ask: training })
    expect(all.outcome).toMatchObject({ code: 'MODEL_REFUSED', detail: { reason: 'films-lost' } })
  })

  it("refuses another run's checkpoint and another method's", async () => {
    await train(request('image', { epochs: 1 }))
    const other = await train({ ...request('image'), run: 'run-2' })
    expect(other.outcome).toMatchObject({ code: 'WEIGHTS_REFUSED', detail: { reason: 'checkpoint' } })
    const method = await train({ ...request('image'), method: 'ccgn' })
    expect(method.outcome).toMatchObject({ code: 'WEIGHTS_REFUSED', detail: { reason: 'checkpoint' } })
  })
})
