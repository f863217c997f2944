import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, watch } from 'vue'
import { api, isAborted, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type {
  ChannelMaps,
  ContextSurface,
  Diagnosis,
  Ensemble,
  Explained,
  GateMaps,
  GateReport,
  NearestBy,
  NearestFilms,
  Occlusion,
  Saliency,
  Uncertainty
} from '../../contract'
import { useBlinding } from './blinding'
import { useJobs } from './jobs'
import { useProject } from './project'
import { useReading } from './reading'

/** One thing that is asked for: what came of it, and how it stands. */
export interface Part<Value> {
  value: Value | null
  problem: Problem | null
  loading: boolean
  /** When it was asked for, to tell how long is left of what comes step by step. */
  since: number
}

const empty = <Value>(): Part<Value> =>
  shallowReactive({ value: null, problem: null, loading: false, since: 0 })

/** Films shown as the nearest. */
const NEIGHBOURS = 12

/** Why the model says what it says of the film being read. Nothing is asked while any of it must stay hidden. */
export const useExplanation = defineStore('explanation', () => {
  const reading = useReading()
  const blinding = useBlinding()
  const jobs = useJobs()
  const project = useProject()

  const parts = {
    described: empty<Explained>(),
    maps: empty<GateMaps>(),
    gate: empty<GateReport>(),
    channels: empty<ChannelMaps>(),
    surface: empty<ContextSurface>(),
    nearest: empty<NearestFilms>(),
    ensemble: empty<{ ensemble: Ensemble | null }>(),
    uncertainty: empty<Uncertainty>(),
    saliency: empty<Saliency>(),
    occlusion: empty<Occlusion>()
  }
  type Name = keyof typeof parts
  const asking = new Map<Name, AbortController>()

  /** The class that is explained; null follows the predicted class. */
  const chosen = ref<Diagnosis | null>(null)
  const diagnosis = computed<Diagnosis | null>(() => chosen.value ?? parts.described.value?.predicted ?? null)
  const nearestBy = ref<NearestBy>('gated')
  const sameInfant = ref(false)
  const jobId = ref<string | null>(null)
  const job = computed(() => (jobId.value === null ? null : (jobs.byId.get(jobId.value) ?? null)))
  /** Every explanation names the model's answer, and most name GA and BW. */
  const hidden = computed(() => blinding.hides.model || blinding.hides.context)

  function stop(name: Name): void {
    asking.get(name)?.abort()
    asking.delete(name)
    parts[name].loading = false
  }

  function clear(...names: Name[]): void {
    for (const name of names) {
      stop(name)
      parts[name].value = null
      parts[name].problem = null
    }
  }

  /**
   * Asks for one part of the film on screen, in place of an earlier question of the kind.
   * @param ask may give several answers, each shown as it comes
   */
  async function load<Key extends Name>(
    name: Key,
    ask: (
      film: { filmId: string; modelId: null },
      options: { signal: AbortSignal }
    ) => AsyncIterable<NonNullable<(typeof parts)[Key]['value']>>
  ): Promise<void> {
    stop(name)
    const { filmId } = reading
    if (filmId === null || hidden.value) return
    const controller = new AbortController()
    asking.set(name, controller)
    const part = parts[name] as Part<unknown>
    Object.assign(part, { loading: true, problem: null, since: performance.now() })
    const { signal } = controller
    try {
      for await (const value of ask({ filmId, modelId: null }, { signal })) {
        if (signal.aborted) return
        part.value = value
      }
    } catch (error) {
      if (signal.aborted || isAborted(error)) return
      part.value = null
      part.problem = toProblem(error)
    }
    if (asking.get(name) === controller) stop(name)
  }

  const describe = () =>
    load('described', async function* (film, options) {
      yield await api.explain.describe(film, options)
    })
  const loadMaps = () =>
    load('maps', async function* (film, options) {
      yield await api.explain.maps({ ...film, diagnosis: diagnosis.value! }, options)
    })
  const loadGate = () =>
    load('gate', async function* (film, options) {
      yield await api.explain.gate({ ...film, diagnosis: diagnosis.value! }, options)
    })
  const loadChannels = (channels: number[]) =>
    load('channels', async function* (film, options) {
      yield await api.explain.channelMaps({ ...film, channels }, options)
    })
  const loadSurface = () =>
    load('surface', async function* (film, options) {
      yield await api.explain.surface(film, options)
    })
  const loadNearest = () =>
    load('nearest', async function* (film, options) {
      const question = {
        ...film,
        by: nearestBy.value,
        count: NEIGHBOURS,
        otherInfants: !sameInfant.value
      }
      for (;;) {
        const answer = await api.explain.nearest(question, options)
        yield answer
        if (answer.state === 'found') return
      }
    })
  const loadSaliency = () =>
    load('saliency', async function* (film, options) {
      yield await api.explain.saliency({ ...film, diagnosis: diagnosis.value! }, options)
    })
  const loadOcclusion = () =>
    load('occlusion', async function* (film, options) {
      for (;;) {
        const answer = await api.explain.occlusion({ ...film, diagnosis: diagnosis.value! }, options)
        yield answer
        if (answer.done === answer.rows) return
      }
    })
  const loadEnsemble = () =>
    load('ensemble', async function* (_, options) {
      yield await api.explain.ensemble({ modelId: null }, options)
    })
  async function loadUncertainty(): Promise<void> {
    await loadEnsemble()
    if (!parts.ensemble.value?.ensemble) return
    await load('uncertainty', async function* (film, options) {
      yield await api.explain.uncertainty(film, options)
    })
  }

  /** Runs in the background to its end, however long the reader stays on this screen. */
  async function fitEnsemble(members: number): Promise<void> {
    try {
      jobId.value = (await api.explain.fitEnsemble({ modelId: null, members })).jobId
      await jobs.follow(jobId.value)
      if (job.value?.state === 'done') await loadUncertainty()
    } catch (error) {
      parts.ensemble.problem = toProblem(error)
    }
  }

  function explainClass(wanted: Diagnosis): void {
    chosen.value = wanted
  }

  const all = Object.keys(parts) as Name[]
  watch(
    () => [reading.filmId, hidden.value] as const,
    () => {
      clear(...all)
      chosen.value = null
      void describe()
    },
    { immediate: true }
  )
  watch(diagnosis, () => clear('maps', 'gate', 'channels', 'saliency', 'occlusion'))
  /** GA and BW change the gate, and with it nearly everything. */
  watch(
    () => reading.row && ([reading.row.id, `${reading.row.gaDays} ${reading.row.bwGrams}`] as const),
    (now, before) => {
      if (!now || !before || now[0] !== before[0] || now[1] === before[1]) return
      clear(...all)
      void describe()
    }
  )
  project.onChange(change => {
    if (!change.areas.includes('models') || !project.isOpen || job.value?.state === 'running') return
    clear(...all)
    void describe()
  })

  return {
    parts,
    diagnosis,
    nearestBy,
    sameInfant,
    job,
    hidden,
    stop,
    describe,
    explainClass,
    loadMaps,
    loadGate,
    loadChannels,
    loadSurface,
    loadNearest,
    loadUncertainty,
    fitEnsemble,
    loadSaliency,
    loadOcclusion
  }
})
