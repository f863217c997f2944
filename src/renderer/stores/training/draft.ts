import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { api, toProblem } from '../../api-client'
import type { Problem } from '../../api-client'
import type { Hyperparameters, TrainingOptions, TrainingPlan } from '../../../contract'
import { useJobs } from '../jobs'
import { useModels } from '../models'
import { useProject } from '../project'
import { useTraining } from '.'
import { untouched } from './choice'
import type { Beginning, Preset, Scope } from './choice'
import { readHyperparameter, readOption, writeHyperparameter } from './written-numbers'
import type { HyperparameterKey } from './written-numbers'

const PLAN_DELAY_MS = 250
/** The method of the paper. */
const FIRST_METHOD = 'ccgn'

/** What a preset's values depend on. */
const basisOf = ({ method, scope, preset, parentId }: TrainingOptions) =>
  JSON.stringify([method, scope, preset, parentId])

/**
 * The run being composed and the core's plan for it, asked for again as choices or the project's data change. It lives
 * outside its screen, so that looking something up elsewhere loses nothing.
 */
export const useTrainingDraft = defineStore('training-draft', () => {
  const project = useProject()
  const models = useModels()
  const jobs = useJobs()
  const training = useTraining()

  const choice = reactive(untouched())
  const plan = shallowRef<TrainingPlan | null>(null)
  /** Choices have changed since the plan shown was made. */
  const planning = ref(false)
  const starting = ref(false)
  /** False until methods and models are known, and with them what a run would begin with. */
  const prepared = ref(false)
  const problem = ref<Problem | null>(null)
  /** What the preset says of each hyperparameter under the present choices, as far as plans have told. */
  const presetValues = shallowRef<Partial<Hyperparameters>>({})

  const basis = ref('')
  /** False while a plan is awaited under choices that may change what the preset says. */
  const presetKnown = computed(() => options.value === null || basisOf(options.value) === basis.value)

  const method = computed(() => training.methods.find(each => each.id === choice.method) ?? null)
  const parent = computed(() =>
    choice.beginning === 'version' && choice.parentId !== null
      ? (models.byId.get(choice.parentId) ?? null)
      : null
  )

  const read = computed(() => {
    const overrides = Object.entries(choice.written).map(
      ([key, written]) => [key, readHyperparameter(key as HyperparameterKey, written)] as const
    )
    const numbers = {
      seed: readOption('seed', choice.seed),
      size: readOption('size', choice.size),
      rehearsal: readOption('rehearsal', choice.rehearsal)
    }
    return { overrides: Object.fromEntries(overrides) as Partial<Hyperparameters>, numbers }
  })
  /** Fields that hold something which the contract does not allow. */
  const invalid = computed(
    () =>
      new Set(
        Object.entries({ ...read.value.overrides, ...read.value.numbers })
          .filter(([, value]) => value === undefined)
          .map(([key]) => key)
      )
  )
  /** Hyperparameters that differ from the preset's. */
  const changed = computed(
    () =>
      new Set(
        (Object.keys(choice.written) as HyperparameterKey[]).filter(
          key => read.value.overrides[key] !== presetValues.value[key]
        )
      )
  )

  /** What would be asked of the core; null while something cannot be read or is not chosen yet. */
  const options = computed<TrainingOptions | null>(() => {
    const { overrides, numbers } = read.value
    if (choice.method === '' || invalid.value.size > 0) return null
    if (choice.beginning === 'version' && choice.parentId === null) return null
    if (choice.beginning === 'file' && choice.init.trim() === '') return null
    return {
      method: choice.method,
      scope: choice.scope,
      preset: choice.preset,
      parentId: choice.beginning === 'version' ? choice.parentId : null,
      init: choice.beginning === 'file' ? choice.init.trim() : null,
      name: choice.name.trim() || null,
      split: choice.split,
      size: numbers.size!,
      data: choice.data,
      rehearsal: choice.data === 'new-labels' ? numbers.rehearsal! : null,
      control: choice.control,
      seed: numbers.seed!,
      provider: choice.provider,
      hyperparameters: overrides
    }
  })

  const refused = computed(() => plan.value?.problems.some(({ severity }) => severity === 'refuse') ?? false)
  const ready = computed(
    () => options.value !== null && plan.value !== null && !planning.value && !refused.value && !problem.value
  )

  /** Chooses what training begins with, and with it what such a run most often does. */
  function begin(beginning: Beginning, parentId: string | null = null): void {
    choice.beginning = beginning
    choice.parentId =
      beginning === 'version' ? (parentId ?? choice.parentId ?? models.active?.id ?? null) : null
    if (parent.value) {
      choice.method = parent.value.method
      choosePreset('incremental')
      chooseScope('head')
    } else {
      choice.data = 'all'
      choosePreset('paper')
      chooseScope('all')
    }
  }

  function chooseMethod(id: string): void {
    choice.method = id
    if (method.value?.context === 'none') choice.control = 'none'
    chooseScope(choice.scope)
  }

  /** The scope, or the widest that the method has where it lacks that one. */
  function chooseScope(scope: Scope): void {
    const possible = method.value?.scopes
    choice.scope = !possible || possible.includes(scope) ? scope : possible.at(-1)!
  }

  /** A preset comes with all its values. */
  function choosePreset(preset: Preset): void {
    choice.preset = preset
    choice.written = {}
  }

  function write(key: HyperparameterKey, written: string | boolean): void {
    choice.written = { ...choice.written, [key]: written }
  }

  function resetToPreset(
    keys: readonly HyperparameterKey[] = Object.keys(choice.written) as HyperparameterKey[]
  ): void {
    choice.written = Object.fromEntries(
      Object.entries(choice.written).filter(([key]) => !keys.includes(key as HyperparameterKey))
    )
  }

  /** What stands in the field of a hyperparameter. */
  function fieldOf(key: HyperparameterKey): string | boolean {
    return choice.written[key] ?? writeHyperparameter(presetValues.value[key] ?? null)
  }

  let generation = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const onScreen = ref(false)

  async function askForPlan(): Promise<void> {
    const asked = ++generation
    const sent = options.value
    if (!sent) return
    try {
      const answer = await api.training.plan(sent)
      if (asked !== generation) return
      plan.value = answer
      learnPreset(sent, answer)
      planning.value = false
      problem.value = null
      if (Object.keys(sent.hyperparameters!).every(key => key in presetValues.value)) return
      const bare = { ...sent, hyperparameters: {} }
      const preset = await api.training.plan(bare)
      if (asked === generation) learnPreset(bare, preset)
    } catch (error) {
      if (asked !== generation) return
      problem.value = toProblem(error)
      planning.value = false
    }
  }

  /** A plan shows the preset's values wherever nothing was written over them. */
  function learnPreset(sent: TrainingOptions, answer: TrainingPlan): void {
    const under = basisOf(sent)
    const known = under === basis.value ? presetValues.value : {}
    basis.value = under
    const told = Object.entries(answer.hyperparameters).filter(([key]) => !(key in sent.hyperparameters!))
    // The plan says how large a batch the memory allows; the preset itself leaves that open.
    presetValues.value = { ...known, ...Object.fromEntries(told), batch: null }
  }

  function replan(): void {
    clearTimeout(timer)
    generation += 1
    if (!options.value) plan.value = null
    else if (onScreen.value) timer = setTimeout(() => void askForPlan(), PLAN_DELAY_MS)
  }

  /** Keeps the plan up to date until the returned function is called. */
  function open(): () => void {
    onScreen.value = true
    void training.loadMethods()
    planning.value = options.value !== null
    replan()
    return () => {
      onScreen.value = false
      clearTimeout(timer)
    }
  }

  /** @returns the job that trains, or null where it was refused; `problem` says why */
  async function start(): Promise<string | null> {
    if (!options.value || starting.value) return null
    starting.value = true
    try {
      const { jobId } = await api.training.start(options.value)
      choice.name = ''
      void jobs.follow(jobId)
      await training.load()
      return jobId
    } catch (error) {
      problem.value = toProblem(error)
      return null
    } finally {
      starting.value = false
    }
  }

  watch(options, (next, before) => {
    if (JSON.stringify(next) === JSON.stringify(before)) return
    planning.value = next !== null
    replan()
  })

  let chosenFor: string | undefined
  watch(
    () => [project.current?.folder, models.loaded, training.methods.length] as const,
    ([folder, modelsLoaded]) => {
      if (folder === undefined || folder === chosenFor) return
      Object.assign(choice, untouched())
      plan.value = null
      problem.value = null
      prepared.value = false
      if (!modelsLoaded || training.methods.length === 0) return
      chosenFor = folder
      choice.method = training.methods.find(each => each.id === FIRST_METHOD)?.id ?? training.methods[0]!.id
      begin(models.active?.trained ? 'version' : 'fresh')
      prepared.value = true
    },
    { immediate: true }
  )
  // What is shown still holds for the choices meanwhile; starting plans once more by itself.
  project.onChange(change => {
    if (change.areas.some(area => !['jobs', 'predictions', 'review'].includes(area))) replan()
  })

  return {
    choice,
    method,
    parent,
    plan,
    planning,
    starting,
    prepared,
    problem,
    presetValues,
    presetKnown,
    invalid,
    changed,
    options,
    refused,
    ready,
    begin,
    chooseMethod,
    chooseScope,
    choosePreset,
    write,
    resetToPreset,
    fieldOf,
    open,
    askForPlan,
    start
  }
})
