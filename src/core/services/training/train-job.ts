import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrainingEvent } from '../../../contract'
import type { JobRunner } from '../../job-queue'
import { modelDefinition } from '../../ml/models'
import type { CoreContext, ProjectSession } from '../core-context'
import type { OpenModel } from '../inference'
import { predictMissing } from '../predict-missing'
import { openProjectModel } from '../project-models'
import { answerQuestion, factsOf } from './film-facts'
import { logEntries } from './log-entries'
import { entryOfScope } from './plan-run'
import { registerVersion } from './register-version'
import { readManifest, runFiles, trainJobInput } from './run-manifest'
import { trainWorker, type TrainChildEvent, type TrainQuestion } from './train-client'
import { trainerOptions } from './trainer-options'

/** Trains in a child of its own, so that films are still shown and predicted meanwhile. */
export function createTrainRunner(core: CoreContext, session: ProjectSession): JobRunner {
  return async run => {
    const input = trainJobInput.parse(run.input)
    const files = runFiles(session.folder, input.run)
    const manifest = await readManifest(files)
    const { plan, options } = manifest
    const { hyperparameters } = plan
    const parent = manifest.parent && (await openProjectModel(core, manifest.parent.id))
    const filmIds = [...manifest.films.train, ...manifest.films.validation].map(({ id }) => id)
    if (plan.split) await session.splits.assertNoTestFilms(plan.split.id, filmIds)
    if (parent && (plan.scope === 'head' || hyperparameters.distillation > 0)) {
      // Pooled features and the teacher's answers come from the parent's own predictions.
      await predictMissing(core, session, parent, filmIds, {
        signal: run.signal,
        progress: (done, all) => run.progress({ done, total: all, step: 'features' })
      })
    }

    const { provider } = await core.inference.choose(options.provider)
    const log = createLogging((entry: TrainingEvent) => session.trainingLog.append(run.id, entry))
    const total = hyperparameters.epochs * plan.stepsPerEpoch
    const outcome = await trainWorker(core.trainers).train(
      {
        method: plan.method,
        entry: entryOfScope(modelDefinition(plan.method), plan.scope)!,
        run: input.run,
        start: startOf(parent, options.init),
        checkpointFile: files.checkpoint,
        bestFile: files.best,
        featuresFolder: join(session.cacheFolder, 'features'),
        checkpointSteps: hyperparameters.checkpointSteps,
        options: trainerOptions(manifest, provider),
        train: await factsOf(session, manifest, 'train', parent),
        validation: await factsOf(session, manifest, 'validation', null)
      },
      {
        signal: run.signal,
        onAsk: question =>
          answerQuestion(core, session, manifest, parent, question as TrainQuestion, run.signal),
        onEvent: told => {
          const event = told as TrainChildEvent
          if (event.type === 'features') {
            run.progress({ done: event.done, total: event.total, step: 'features' })
          } else {
            if (event.type === 'step' || event.type === 'started')
              run.progress({ done: event.step, total, step: 'train' })
            log.add(logEntries(event, manifest, provider))
          }
        }
      }
    )
    await log.written()
    const model = await registerVersion(core, session, manifest, files, outcome)
    const { reason, epochs, steps } = outcome
    await session.trainingLog.append(run.id, {
      type: 'finished',
      reason,
      modelId: model.id,
      name: model.card.name
    })
    run.summary({ epochs, steps })
    await Promise.all([files.checkpoint, files.best].map(file => rm(file, { force: true })))
  }
}

function startOf(parent: OpenModel | null, init: string | null) {
  if (parent) return { kind: 'version', file: parent.weightsFile } as const
  return init === null ? ({ kind: 'fresh' } as const) : ({ kind: 'pretrained', file: init } as const)
}

/** Writes entries one after the other, in the order in which they came. */
function createLogging<Entry>(append: (entry: Entry) => Promise<void>) {
  let writing: Promise<void> = Promise.resolve()
  return {
    add(entries: readonly Entry[]): void {
      for (const entry of entries) writing = writing.then(() => append(entry))
      // What fails is told by `written`; this keeps it from counting as unhandled until then.
      writing.catch(() => {})
    },
    written: () => writing
  }
}
