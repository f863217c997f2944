import { trainingOptions, type ExperimentPlan, type TrainingPlan } from '../../../contract'
import { NeoGateError } from '../../foundation'
import { fileSha256, type ListedModel } from '../../model-registry'
import type { CoreContext } from '../core-context'
import { noSuchModel, projectModels } from '../project-models'
import { planRun, type FullOptions, type PlannedRun } from '../training/plan-run'
import { filmsHash } from '../training/run-manifest'
import { estimateSeconds, measuredSpeed, type MeasuredSpeed } from './estimate-time'
import type { FullExperimentOptions } from './experiment-store'

/** A run that an experiment needs, ready to be fixed. */
export interface PlannedPart {
  part: ExperimentPlan['parts'][number]
  /** null: there is a version already. */
  training: { options: FullOptions; planned: PlannedRun } | null
}

/**
 * Resolves every method and seed. A version of the project that was trained from the very same films, with the same settings,
 * size and seed, is taken as it is. @throws NeoGateError NOT_FOUND for a version or split that is not there; INVALID_INPUT
 */
export async function planExperiment(
  core: CoreContext,
  options: FullExperimentOptions
): Promise<{ plan: ExperimentPlan; parts: PlannedPart[] }> {
  const session = core.project()
  const models = await projectModels(core)
  const speed = await measuredSpeed(session)
  const given = options.versions.map(id => {
    const model = models.find(candidate => candidate.id === id)
    if (!model) throw noSuchModel(id)
    return model
  })
  const parents = parentsOf(options, models)
  const methods = [...new Set([...options.methods, ...given.map(({ card }) => card.method)])]
  const parts: PlannedPart[] = []
  const problems: ExperimentPlan['problems'] = []
  let first: TrainingPlan | null = null
  for (const method of methods) {
    const parent = parents.get(method) ?? null
    const asked = runOptions(options, method, parent)
    const planned = await planRun(core, asked)
    first ??= planned.plan
    const versions = given.filter(({ card }) => card.method === method)
    if (versions.length > 0) {
      parts.push(
        ...versions.map(model => ({
          part: givenPart(model, planned.plan, speed),
          training: null
        }))
      )
      continue
    }
    problems.push(...planned.plan.problems.map(found => ({ ...found, method })))
    const hash = filmsHash(planned.films)
    const init = asked.init === null ? null : await fileSha256(asked.init)
    for (let seed = 1; seed <= options.seeds; seed++) {
      const model = models.find(listed =>
        isSameRun(listed, planned.plan, { hash, init, seed, parent: parent?.hash ?? null })
      )
      const { size, films, hyperparameters } = planned.plan
      const { scope } = planned.plan
      const epochs = model ? 0 : hyperparameters.epochs
      const time = estimateSeconds(speed, method, { size, scope, films, epochs })
      parts.push({
        part: { method, seed, size, parentId: parent?.id ?? null, modelId: model?.id ?? null, ...time },
        training: model ? null : { options: { ...asked, seed }, planned }
      })
    }
  }
  if (parts.length === 0) {
    throw new NeoGateError('INVALID_INPUT', 'An experiment needs a method.', { field: 'methods' })
  }
  const plan: ExperimentPlan = {
    split: first!.split,
    films: { train: first!.films.train, validation: first!.films.validation },
    parts: parts.map(({ part }) => part),
    seconds: parts.reduce((sum, { part }) => sum + part.seconds, 0),
    problems: withoutRepeats(problems, methods.length)
  }
  return { plan, parts }
}

const TRAINED = { all: 'Table 1', 'last-stage': 'Last stages', head: 'Heads' } as const

export function experimentName({ name, scope, side }: FullExperimentOptions, at: string): string {
  return name ?? `${TRAINED[scope]} (${side}) ${at.slice(0, 16).replace('T', ' ')}`
}

/** The version that each method begins with. @throws NeoGateError NOT_FOUND; INVALID_INPUT for two of one method */
function parentsOf(
  { parents }: FullExperimentOptions,
  models: readonly ListedModel[]
): ReadonlyMap<string, ListedModel> {
  const byMethod = new Map<string, ListedModel>()
  for (const id of new Set(parents)) {
    const model = models.find(candidate => candidate.id === id)
    if (!model) throw noSuchModel(id)
    const { method, name } = model.card
    const other = byMethod.get(method)
    if (other) {
      throw new NeoGateError(
        'INVALID_INPUT',
        `${other.card.name} and ${name} are both ${method}: a method begins with one version.`,
        { field: 'parents', remedy: 'Name one of them, and make another experiment with the other.' }
      )
    }
    byMethod.set(method, model)
  }
  return byMethod
}

function runOptions(options: FullExperimentOptions, method: string, parent: ListedModel | null): FullOptions {
  return trainingOptions.parse({
    method,
    scope: options.scope,
    preset: options.preset,
    parentId: parent?.id ?? null,
    init: parent ? null : (options.init[method] ?? null),
    split: options.split,
    size: options.size,
    provider: options.provider,
    hyperparameters: options.hyperparameters
  })
}

function givenPart(model: ListedModel, { films }: TrainingPlan, speed: MeasuredSpeed): PlannedPart['part'] {
  const { method, size } = model.card
  return {
    method,
    seed: null,
    size,
    parentId: null,
    modelId: model.id,
    ...estimateSeconds(speed, method, { size, scope: 'all', films, epochs: 0 })
  }
}

function isSameRun(
  { card }: ListedModel,
  plan: TrainingPlan,
  { hash, init, seed, parent }: { hash: string; init: string | null; seed: number; parent: string | null }
): boolean {
  const { training } = card
  return (
    training !== undefined &&
    training.method === plan.method &&
    training.scope === plan.scope &&
    training.parent === parent &&
    training.seed === seed &&
    training.preset === plan.preset &&
    training.data.manifestHash === hash &&
    training.split?.id === plan.split?.id &&
    card.size === plan.size &&
    card.initialWeights === init &&
    sameSettings(training.hyperparameters, { ...plan.hyperparameters, control: 'none' })
  )
}

/** How often a checkpoint is written changes nothing of what is learnt. */
function sameSettings(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    name => name !== 'checkpointSteps'
  )
  return names.every(name => JSON.stringify(a[name]) === JSON.stringify(b[name]))
}

/** What all methods share, such as a missing split, is said once and of none. */
function withoutRepeats(problems: ExperimentPlan['problems'], methods: number): ExperimentPlan['problems'] {
  const text = ({ code, diagnosis, message }: ExperimentPlan['problems'][number]) =>
    `${code} ${diagnosis} ${message}`
  const counts = new Map<string, number>()
  for (const problem of problems) counts.set(text(problem), (counts.get(text(problem)) ?? 0) + 1)
  const said = new Set<string>()
  return problems.flatMap(problem => {
    const known = text(problem)
    if (methods > 1 && counts.get(known) === 1) return [problem]
    if (said.has(known)) return []
    said.add(known)
    return [{ ...problem, method: null }]
  })
}
