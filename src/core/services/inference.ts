import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  PROVIDER_REASONS,
  providerId,
  providerInfo,
  type ProviderInfo,
  type ProviderReason
} from '../../contract'
import { NeoGateError, toError, type CallOptions } from '../foundation'
import { preprocessingHash } from '../image-preprocessing'
import { contextHead, type ContextHead } from '../ml/explain'
import { headGraph, modelDefinition } from '../ml/models'
import type { Provider } from '../ml/runtime'
import { readModelFolder, type ModelFolder } from '../model-registry'
import type { CoreContext } from './core-context'
import { parametersOf } from './head-tensors'
import { modelWorker, type FilmInput, type FilmOutput } from './model-client'
import { providerFailure } from './provider-reasons'

/** A model at hand: its folder, and the part of it that runs in this process. */
export interface OpenModel extends ModelFolder {
  /** From pooled features to logits; null where GA and BW enter before these are made, so that the network must run. */
  readonly head: ContextHead | null
}

export interface ProviderChoice {
  provider: Provider
  /** What to tell the user where this is not the provider that was asked for. */
  fallback: string | null
}

/** Runs models on films, on the provider that the settings or the caller ask for as far as it works. */
export interface Inference {
  /** Every provider; those present and not yet tested on this machine are tested against the CPU now. */
  providers(): Promise<ProviderInfo[]>
  /** @throws NeoGateError NOT_FOUND, MODEL_REFUSED, also when it was made for other preprocessing than ours */
  open(folder: string): Promise<OpenModel>
  /**
   * @param wanted null: as the settings say
   * @throws NeoGateError CANCELLED, MODEL_REFUSED, WORKER_FAILED; a failing provider is replaced by the CPU instead
   */
  predict(
    model: OpenModel,
    films: FilmInput[],
    wanted: Provider | null,
    options?: CallOptions
  ): Promise<{ outputs: FilmOutput[] } & ProviderChoice>
  /** The provider that is used when `wanted` is asked for; null: as the settings say. */
  choose(wanted: Provider | null): Promise<ProviderChoice>
  /** Films that make one call of about a second or less, so that what a reader waits for is not held up. */
  filmsPerCall(model: OpenModel): Promise<number>
}

/** Self-tests are kept per machine until the runtime changes; a failure only for a day, since drivers get installed. */
const testResult = z.object({
  reason: providerInfo.shape.reason,
  detail: z.string().nullable(),
  selfTest: providerInfo.shape.selfTest,
  testedAt: z.iso.datetime()
})
type TestResult = z.infer<typeof testResult>
const testRecord = z.object({ runtime: z.string(), tests: z.partialRecord(providerId, testResult) })
type TestRecord = z.infer<typeof testRecord>
const FAILURE_KEPT_MS = 24 * 3600 * 1000

const SELF_TEST_LIMIT_MS = 90_000
const GPU_FILMS_PER_CALL = 8
/** Input pixels that two cores get through in about half a second with ResNet50. */
const CPU_PIXELS_PER_CALL = 2 * 512 * 512

export function createInference(
  core: Pick<CoreContext, 'models' | 'settings' | 'userFolder' | 'clock' | 'info' | 'logger'>
): Inference {
  const worker = modelWorker(core.models)
  const recordFile = join(core.userFolder, 'providers.json')
  const runtime = `${core.info.runtime.onnxruntime} ${process.platform} ${process.arch}`
  const openModels = new Map<string, OpenModel>()
  /** What went wrong with a provider since the program started. */
  const failures = new Map<Provider, { reason: ProviderReason; detail: string }>()
  let testing: Promise<Map<Provider, TestResult>> | null = null

  async function readRecord(): Promise<TestRecord['tests']> {
    try {
      const record = testRecord.parse(JSON.parse(await readFile(recordFile, 'utf8')))
      return record.runtime === runtime ? record.tests : {}
    } catch {
      // Absent at first, and only a cache: whatever is wrong with it, the tests are run again.
      return {}
    }
  }

  const isFresh = ({ selfTest, testedAt }: TestResult) =>
    selfTest?.passed === true || core.clock.now() - Date.parse(testedAt) < FAILURE_KEPT_MS

  async function test(provider: Provider): Promise<TestResult> {
    const testedAt = core.clock.timestamp()
    try {
      const result = await worker.selfTest(provider, { timeoutMs: SELF_TEST_LIMIT_MS })
      // JSON has no Infinity; no logit is as far off as this.
      const maxError = Number.isFinite(result.maxError) ? result.maxError : Number.MAX_VALUE
      const reason = result.passed ? null : 'wrong-results'
      return { reason, detail: null, selfTest: { ...result, maxError, testedAt }, testedAt }
    } catch (thrown) {
      return { ...providerFailure(toError(thrown)), selfTest: null, testedAt }
    }
  }

  async function testAll(): Promise<Map<Provider, TestResult>> {
    const known = await readRecord()
    const results = new Map<Provider, TestResult>()
    const kept: TestRecord['tests'] = {}
    for (const { provider, present, absence } of await worker.providers()) {
      const earlier = known[provider]
      if (!present) {
        results.set(provider, {
          reason: absence,
          detail: null,
          selfTest: null,
          testedAt: core.clock.timestamp()
        })
        continue
      }
      const result = earlier && isFresh(earlier) ? earlier : await test(provider)
      results.set(provider, result)
      kept[provider] = result
    }
    await keepRecord({ runtime, tests: kept })
    return results
  }

  async function keepRecord(record: TestRecord): Promise<void> {
    try {
      await mkdir(core.userFolder, { recursive: true })
      await writeFile(recordFile, JSON.stringify(record, null, 2))
    } catch (thrown) {
      core.logger.warn('Self-tests could not be kept', { reason: toError(thrown).name })
    }
  }

  /** Tests run once; a failure to run them at all is tried again at the next call. */
  function results(): Promise<Map<Provider, TestResult>> {
    testing ??= testAll().catch((error: unknown) => {
      testing = null
      throw error
    })
    return testing
  }

  const works = (provider: Provider, found: Map<Provider, TestResult>) =>
    found.get(provider)?.selfTest?.passed === true && !failures.has(provider)

  async function choose(asked: Provider | 'auto'): Promise<ProviderChoice> {
    // The CPU is the reference and needs no test.
    if (asked === 'cpu') return { provider: 'cpu', fallback: null }
    const found = await results()
    if (asked !== 'auto') {
      if (works(asked, found)) return { provider: asked, fallback: null }
      const why = PROVIDER_REASONS[(failures.get(asked) ?? found.get(asked))?.reason ?? 'failed']
      return { provider: 'cpu', fallback: `${asked} could not be used, so the CPU was: ${why}` }
    }
    const speed = (provider: Provider) => found.get(provider)?.selfTest?.filmsPerSecond ?? 0
    const usable = providerId.options.filter(provider => works(provider, found))
    const fastest = usable.reduce(
      (best, next) => (speed(next) > speed(best) ? next : best),
      'cpu' as Provider
    )
    return { provider: fastest, fallback: null }
  }

  const asked = (wanted: Provider | null) => wanted ?? core.settings.get().provider

  return {
    async providers() {
      const found = await results()
      const inUse = (await choose(asked(null))).provider
      return providerId.options.map(id => {
        const trouble = failures.get(id) ?? found.get(id)
        return {
          id,
          available: works(id, found),
          reason: trouble?.reason ?? null,
          detail: trouble?.detail ?? null,
          selfTest: found.get(id)?.selfTest ?? null,
          inUse: id === inUse
        }
      })
    },

    async open(folder) {
      const model = await readModelFolder(folder)
      const kept = openModels.get(folder)
      if (kept?.hash === model.hash) return kept
      if (model.card.preprocessing.hash !== preprocessingHash(model.card.size))
        throw otherPreprocessing(folder)
      const opened = { ...model, head: await readHead(model) }
      openModels.set(folder, opened)
      return opened
    },

    async predict(model, films, wanted, options) {
      const choice = await choose(asked(wanted))
      const request = { folder: model.folder, hash: model.hash, films }
      try {
        const outputs = await worker.predict({ ...request, provider: choice.provider }, options)
        return { outputs, ...choice }
      } catch (thrown) {
        const error = toError(thrown)
        const isProvider =
          error instanceof NeoGateError && ['PROVIDER_UNAVAILABLE', 'WORKER_FAILED'].includes(error.code)
        if (choice.provider === 'cpu' || !isProvider) throw error
        const failure = providerFailure(error)
        failures.set(choice.provider, failure)
        core.logger.warn('A provider failed; the CPU takes over', { provider: choice.provider })
        const outputs = await worker.predict({ ...request, provider: 'cpu' }, options)
        const fallback = `${choice.provider} failed, so the CPU was used: ${PROVIDER_REASONS[failure.reason]}`
        return { outputs, provider: 'cpu', fallback }
      }
    },

    choose: wanted => choose(asked(wanted)),

    async filmsPerCall({ card }) {
      const { provider } = await choose(asked(null))
      if (provider !== 'cpu') return GPU_FILMS_PER_CALL
      return Math.max(1, Math.min(GPU_FILMS_PER_CALL, Math.floor(CPU_PIXELS_PER_CALL / card.size ** 2)))
    }
  }
}

async function readHead({ weightsFile, card }: ModelFolder): Promise<ContextHead | null> {
  const definition = modelDefinition(card.method)
  if (definition.context === 'backbone') return null
  const head = headGraph(definition)
  return contextHead(head, await parametersOf(head, weightsFile), card.context)
}

function otherPreprocessing(folder: string): NeoGateError {
  return new NeoGateError(
    'MODEL_REFUSED',
    `${folder} was made for other preprocessing steps than this version of NeoGate performs.`,
    {
      file: folder,
      field: 'preprocessing.hash',
      reason: 'preprocessing',
      remedy: 'Use the version of NeoGate that made it, or train it again here.'
    }
  )
}
