import { DIAGNOSES } from '../../domain'
import { MODEL_INPUT_STEPS, preprocessingHash } from '../../image-preprocessing'
import { auroc, confusionMatrix, scoresPerClass, weightedF1 } from '../../ml/metrics'
import { countParameters, modelDefinition } from '../../ml/models'
import {
  fileSha256,
  RESEARCH_NOTICE,
  type ModelFolder,
  type TrainingRecord,
  type ValidationMetrics
} from '../../model-registry'
import { copyFile } from 'node:fs/promises'
import type { CoreContext, ProjectSession } from '../core-context'
import { registerTrainedModel } from '../project-models'
import type { RunFiles, RunManifest } from './run-manifest'
import type { TrainOutcome } from './train-client'

/** Keeps what a run has learnt as a version of the project, with all that would be needed to make it again. */
export async function registerVersion(
  core: CoreContext,
  session: ProjectSession,
  manifest: RunManifest,
  files: RunFiles,
  outcome: TrainOutcome
): Promise<ModelFolder> {
  const { plan, options, parent } = manifest
  const definition = modelDefinition(plan.method)
  const finishedAt = core.clock.timestamp()
  const training: TrainingRecord = {
    parent: parent?.hash ?? null,
    method: plan.method,
    scope: plan.scope,
    preset: plan.preset,
    hyperparameters: { ...plan.hyperparameters, control: options.control },
    data: {
      manifestHash: manifest.hash,
      films: { train: plan.films.train, validation: plan.films.validation },
      newLabels: plan.films.newLabels,
      rehearsal: plan.films.rehearsal,
      history: manifest.history
    },
    split: plan.split && { id: plan.split.id, name: plan.split.name, manifestHash: plan.split.hash },
    code: {
      neogate: core.info.version,
      onnxruntime: core.info.runtime.onnxruntime,
      node: core.info.runtime.node
    },
    provider: outcome.provider,
    seed: options.seed,
    startedAt: manifest.createdAt,
    finishedAt,
    epochs: outcome.epochs,
    steps: outcome.steps,
    stopReason: outcome.reason,
    metrics: { validation: metricsOf(manifest, outcome) }
  }
  return registerTrainedModel(
    session,
    {
      format: 'neogate-model',
      version: 2,
      notice: RESEARCH_NOTICE,
      name: options.name ?? `${plan.method} ${finishedAt.slice(0, 16).replace('T', ' ')}`,
      method: plan.method,
      classes: [...DIAGNOSES],
      size: plan.size,
      trained: true,
      seed: options.seed,
      initialWeights: options.init === null ? null : await fileSha256(options.init),
      parameters: countParameters(definition),
      context: manifest.context,
      preprocessing: { hash: preprocessingHash(plan.size), steps: [...MODEL_INPUT_STEPS] },
      createdAt: finishedAt,
      training
    },
    weights => copyFile(files.best, weights)
  )
}

function metricsOf({ films }: RunManifest, { validation }: TrainOutcome): ValidationMetrics {
  const classes = DIAGNOSES.length
  const { loss, accuracy, macroF1, macroAuroc, probabilities } = validation
  const rowOf = (film: number) => probabilities.subarray(film * classes, (film + 1) * classes)
  const read = [...films.validation.keys()].filter(film => !Number.isNaN(rowOf(film)[0]))
  const truth = read.map(film => DIAGNOSES.indexOf(films.validation[film]!.label))
  const column = (k: number) => read.map(film => rowOf(film)[k]!)
  const predicted = read.map(film => rowOf(film).indexOf(Math.max(...rowOf(film))))
  const matrix = confusionMatrix(truth, predicted, classes)
  const perClass = scoresPerClass(matrix).map(({ support, precision, recall, f1 }, k) => ({
    precision,
    recall,
    f1,
    auroc: auroc(
      column(k),
      truth.map(label => label === k)
    ),
    films: support
  }))
  return {
    films: truth.length,
    loss,
    accuracy,
    macroF1,
    macroAuroc,
    weightedF1: weightedF1(matrix),
    perClass: Object.fromEntries(
      DIAGNOSES.map((diagnosis, k) => [diagnosis, perClass[k]!])
    ) as ValidationMetrics['perClass']
  }
}
