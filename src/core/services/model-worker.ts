import { greyToImage, NeoGateError, type ChildHandlers } from '../foundation'
import { float32, toOnnx } from '../ml/graph'
import { boundInferenceGraph, modelDefinition, modelParameters, type ContextScale } from '../ml/models'
import {
  createSession,
  providerPresence,
  PROVIDERS,
  selfTest,
  type Probe,
  type Provider,
  type Session
} from '../ml/runtime'
import { freshTensors } from '../ml/weights'
import { wholeModel } from './whole-model'
import { parityStep, type ParityRequest, type ParityResult } from './parity-step'
import type {
  FilmInput,
  FilmOutput,
  PredictRequest,
  ProviderPresence,
  ProviderSelfTest
} from './model-client'

/** Sessions kept ready; each holds the weights once and what the provider makes of them. */
const KEPT_SESSIONS = 3

/** The largest batch that is run at once; a call with more films is cut up. */
const LARGEST_BATCH = 8

const sessions = new Map<string, Session>()

/** What the child of role 'model' answers. */
export const modelWorkerHandlers = {
  /** Runs films in batches of up to LARGEST_BATCH; between two batches a cancel is heard. */
  async predict(request: PredictRequest, { signal }): Promise<FilmOutput[]> {
    const { films } = request
    const outputs: FilmOutput[] = []
    while (outputs.length < films.length) {
      await hearMessages()
      if (signal.aborted) throw new NeoGateError('CANCELLED', 'The prediction was cancelled.')
      const left = films.length - outputs.length
      const batch = left >= LARGEST_BATCH ? LARGEST_BATCH : 1
      outputs.push(...(await predictBatch(request, films.slice(outputs.length, outputs.length + batch))))
    }
    return outputs
  },
  async parityStep(request: ParityRequest, { signal }): Promise<ParityResult> {
    return parityStep(request, { signal })
  },
  async providers(): Promise<ProviderPresence[]> {
    return PROVIDERS.map(provider => ({ provider, ...providerPresence(provider) }))
  },
  async selfTest({ provider }: { provider: Provider }): Promise<ProviderSelfTest> {
    const { runsPerSecond, ...result } = await selfTest(provider, probe(64), probe(512))
    return { ...result, filmsPerSecond: runsPerSecond }
  }
} satisfies ChildHandlers

/** `run` blocks this process; without a pause no message would arrive between two of them. */
function hearMessages(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

async function predictBatch(request: PredictRequest, films: FilmInput[]): Promise<FilmOutput[]> {
  const session = await sessionFor(request, films.length)
  const area = films[0]!.plane.length
  const size = Math.sqrt(area)
  const image = new Float32Array(films.length * 3 * area)
  films.forEach(({ plane }, film) => greyToImage(plane, image, film * 3 * area))
  const { logits, probabilities, pooled, maps, gatedMaps } = await session.run({
    image: float32([films.length, 3, size, size], image),
    context: float32(
      [films.length, 2],
      films.flatMap(({ gaDays, bwGrams }) => [gaDays, bwGrams])
    )
  })
  const part = (tensor: typeof logits, film: number) => {
    const data = tensor!.data as Float32Array
    const length = data.length / films.length
    return data.slice(film * length, (film + 1) * length)
  }
  const ofImage = (film: number): FilmOutput['ofImage'] => {
    if (!maps) return null
    const [, , rows, columns] = maps.shape as [number, number, number, number]
    const drawn = gatedMaps ? joined([part(maps, film), part(gatedMaps, film)]) : part(maps, film)
    return { pooled: part(pooled, film), maps: drawn, rows, columns }
  }
  return films.map((_, film) => ({
    logits: part(logits, film),
    probabilities: part(probabilities, film),
    ofImage: ofImage(film)
  }))
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0))
  let place = 0
  for (const part of parts) {
    whole.set(part, place)
    place += part.length
  }
  return whole
}

async function sessionFor({ folder, hash, provider }: PredictRequest, batch: number): Promise<Session> {
  const key = JSON.stringify([folder, hash, provider, batch])
  const kept = sessions.get(key)
  if (kept) {
    sessions.delete(key)
    sessions.set(key, kept)
    return kept
  }
  const session = await createSession(await onnxModel(folder, hash, batch), provider)
  sessions.set(key, session)
  for (const [oldKey, old] of sessions) {
    if (sessions.size <= KEPT_SESSIONS) break
    sessions.delete(oldKey)
    await old.close()
  }
  return session
}

async function onnxModel(folder: string, hash: string, batch: number): Promise<Uint8Array> {
  const { card, definition, tensors } = await wholeModel(folder, hash)
  return toOnnx(boundInferenceGraph(definition, { batch, size: card.size }, card.context, tensors))
}

/** Any cohort will do for a test of providers. */
const PROBE_SCALE: ContextScale = { gaMeanDays: 230, gaSdDays: 28, bwMeanGrams: 2200, bwSdGrams: 850 }

/** The small network with weights from a seed, fed a wave pattern. */
function probe(size: number): Probe {
  const definition = modelDefinition('ccgn-small')
  const weights = freshTensors(modelParameters(definition), 1)
  const wave = Float32Array.from({ length: 3 * size * size }, (_, i) => 2 * Math.sin(i * 0.37))
  return {
    model: toOnnx(boundInferenceGraph(definition, { batch: 1, size }, PROBE_SCALE, weights)),
    feeds: { image: float32([1, 3, size, size], wave), context: float32([1, 2], [203, 1180]) },
    output: 'logits'
  }
}
