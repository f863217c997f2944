import { statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import type { z } from 'zod'
import type { trainingOptions, TrainingPlan, TrainingProblem } from '../../../contract'
import { DIAGNOSES } from '../../domain'
import { createGraphBuilder, elementCount } from '../../ml/graph'
import {
  buildFrom,
  entriesOf,
  entryShape,
  modelDefinition,
  type Entry,
  type ModelDefinition
} from '../../ml/models'
import type { CoreContext } from '../core-context'
import type { OpenModel } from '../inference'
import { openProjectModel } from '../project-models'
import { chooseFilms, type ChosenFilms } from './choose-films'
import { presetValues } from './presets'

export type FullOptions = z.output<typeof trainingOptions>

export interface PlannedRun {
  plan: TrainingPlan
  parent: OpenModel | null
  films: Pick<ChosenFilms, 'train' | 'validation'>
}

/** Where the part that is trained is entered; null where the method has no such part. */
export function entryOfScope(definition: ModelDefinition, scope: TrainingPlan['scope']): Entry | null {
  const [whole, ...parts] = entriesOf(definition)
  if (scope === 'all') return whole!
  return parts.find(entry => entry === (scope === 'head' ? 'pooled' : 'trunk')) ?? null
}

/** Resolves a preset and overrides, chooses the films, and says what stands against the run. @throws NeoGateError NOT_FOUND */
export async function planRun(core: CoreContext, options: FullOptions): Promise<PlannedRun> {
  const session = core.project()
  const definition = modelDefinition(options.method)
  const parent = options.parentId === null ? null : await openProjectModel(core, options.parentId)
  const size = options.size ?? parent?.card.size ?? definition.defaultSize
  const split =
    options.split === null ? (await session.splits.list()).at(-1) : await session.splits.get(options.split)
  const chosen: ChosenFilms = split
    ? await chooseFilms(session, split.id, parent, options)
    : { train: [], validation: [], newIds: [], rehearsal: 0 }

  const entry = entryOfScope(definition, options.scope)
  const preset = presetValues(options.preset, options.scope)
  const wanted = { ...preset, ...options.hyperparameters }
  const batch = Math.min(wanted.filmsPerStep, wanted.batch ?? filmsAtOnce(options.scope, size))
  const hyperparameters = { ...wanted, batch, distillation: parent ? wanted.distillation : 0 }
  const problems = [
    ...(split ? filmProblems(chosen, options.data) : [problem('refuse', 'no-split', NO_SPLIT)]),
    ...startProblems(options, definition, parent, size),
    ...(await resourceProblems(session.cacheFolder, definition, { ...options, size, batch }, chosen))
  ]
  const count = (side: ChosenFilms['train'], diagnosis: string) =>
    side.filter(({ label }) => label === diagnosis).length
  return {
    parent,
    films: { train: chosen.train, validation: chosen.validation },
    plan: {
      method: definition.id,
      scope: options.scope,
      preset: options.preset,
      size,
      parentId: parent?.id ?? null,
      split: split ? { id: split.id, name: split.name, hash: split.hash } : null,
      hyperparameters,
      films: {
        train: chosen.train.length,
        validation: chosen.validation.length,
        newLabels: chosen.newIds.length,
        rehearsal: chosen.rehearsal
      },
      perClass: DIAGNOSES.map(diagnosis => ({
        diagnosis,
        train: count(chosen.train, diagnosis),
        validation: count(chosen.validation, diagnosis)
      })),
      newFilmIds: chosen.newIds.slice(0, LISTED_NEW_FILMS),
      stepsPerEpoch: Math.ceil(chosen.train.length / hyperparameters.filmsPerStep),
      trainedParameters: entry === null ? 0 : trainedParameters(definition, entry, size),
      problems
    }
  }
}

const LISTED_NEW_FILMS = 1000
const NO_SPLIT =
  'The project has no split: make one first, so that films of one infant never lie on two sides.'

function problem(
  severity: TrainingProblem['severity'],
  code: TrainingProblem['code'],
  message: string,
  particulars: { diagnosis?: TrainingProblem['diagnosis']; count?: number } = {}
): TrainingProblem {
  return {
    severity,
    code,
    message,
    diagnosis: particulars.diagnosis ?? null,
    count: particulars.count ?? null
  }
}

function filmProblems(
  { train, validation, newIds }: ChosenFilms,
  data: FullOptions['data']
): TrainingProblem[] {
  const found: TrainingProblem[] = []
  if (data === 'new-labels' && newIds.length === 0) {
    found.push(problem('refuse', 'no-new-labels', 'No label, GA or BW was set since the parent was made.'))
  }
  if (train.length < 2) {
    const message = `The training side has ${train.length} usable films; at least 2 are needed.`
    found.push(problem('refuse', 'too-few-training-films', message, { count: train.length }))
  }
  if (validation.length < 2) {
    const message = `The validation side has ${validation.length} usable films; at least 2 are needed to stop by.`
    found.push(problem('refuse', 'too-few-validation-films', message, { count: validation.length }))
  }
  for (const diagnosis of DIAGNOSES) {
    const has = (side: ChosenFilms['train']) => side.some(({ label }) => label === diagnosis)
    if (!has(train)) {
      const message = `No training film is labelled ${diagnosis}: it cannot be learnt.`
      found.push(problem('warn', 'class-without-training-films', message, { diagnosis }))
    }
    if (!has(validation)) {
      const message = `No validation film is labelled ${diagnosis}: its figures will be missing.`
      found.push(problem('warn', 'class-without-validation-films', message, { diagnosis }))
    }
  }
  const missing = train.filter(({ gaDays, bwGrams }) => gaDays === null || bwGrams === null).length
  if (missing > 0) {
    const message = `${missing} training films have no GA or BW; the cohort's mean stands in for it.`
    found.push(problem('warn', 'context-missing', message, { count: missing }))
  }
  return found
}

function startProblems(
  { scope, control }: FullOptions,
  definition: ModelDefinition,
  parent: OpenModel | null,
  size: number
): TrainingProblem[] {
  const found: TrainingProblem[] = []
  if (scope !== 'all' && !parent) {
    const message = 'Head and last stage are trained on features of a version: choose one to begin with.'
    found.push(problem('refuse', 'scope-impossible', message))
  }
  if (entryOfScope(definition, scope) === null) {
    const message = `${definition.id} sees GA and BW only: it has nothing but itself to train.`
    found.push(problem('refuse', 'scope-impossible', message))
  }
  if (scope !== 'all' && control === 'shuffled-context' && definition.context === 'backbone') {
    const message =
      'GA and BW enter before the kept features are made, so they cannot be shuffled behind them.'
    found.push(problem('refuse', 'scope-impossible', message))
  }
  if (parent && parent.card.method !== definition.id) {
    const message = `The version to begin with is a ${parent.card.method}, not a ${definition.id}.`
    found.push(problem('refuse', 'method-differs', message))
  }
  if (parent && parent.card.size !== size) {
    const message = `The version to begin with was made for ${parent.card.size} pixels.`
    found.push(problem(scope === 'all' ? 'warn' : 'refuse', 'size-differs', message))
  }
  if (parent && !parent.card.trained && scope !== 'all') {
    const message = 'The version to begin with is untrained: its features hardly tell films apart.'
    found.push(problem('warn', 'untrained-parent', message))
  }
  return found
}

/**
 * Bytes that the training step holds per film and image pixel, measured on ResNet50 with everything trainable
 * (docs/training-engine.md); the last stage keeps far less.
 */
const BYTES_PER_PIXEL = { all: 4200, 'last-stage': 600 } as const

/** As many films as fit in a third of the machine's memory, a power of two up to 32. */
function filmsAtOnce(scope: TrainingPlan['scope'], size: number): number {
  if (scope === 'head') return 32
  const fitting = totalmem() / 3 / (BYTES_PER_PIXEL[scope] * size ** 2)
  return 2 ** Math.max(0, Math.min(5, Math.floor(Math.log2(fitting))))
}

async function resourceProblems(
  cacheFolder: string,
  definition: ModelDefinition,
  { scope, size, batch }: { scope: TrainingPlan['scope']; size: number; batch: number },
  { train, validation }: ChosenFilms
): Promise<TrainingProblem[]> {
  const found: TrainingProblem[] = []
  if (scope !== 'head' && batch * BYTES_PER_PIXEL[scope] * size ** 2 > totalmem()) {
    const message = 'So many films at once are likely to need more memory than this machine has.'
    found.push(problem('warn', 'little-memory', message))
  }
  if (scope === 'last-stage' && entryOfScope(definition, scope)) {
    const bytes = 2 * elementCount(entryShape(definition, 'trunk', size)) * (train.length + validation.length)
    const { bavail, bsize } = await statfs(cacheFolder)
    if (bytes > bavail * bsize) {
      const message = `The kept features need ${Math.ceil(bytes / 1e9)} GB; the disk has not that much left.`
      found.push(problem('refuse', 'little-disk', message, { count: bytes }))
    }
  }
  return found
}

function trainedParameters(definition: ModelDefinition, entry: Entry, size: number): number {
  const g = createGraphBuilder('count')
  const input = g.input('input', 'float32', [1, ...entryShape(definition, entry, size)])
  buildFrom(definition, entry, g, { input, context: g.input('context', 'float32', [1, 2]) })
  return g.parameters
    .filter(({ kind }) => kind === 'weight')
    .reduce((sum, { shape }) => sum + elementCount(shape), 0)
}
