import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createSplitStore } from '../curation'
import { openProjectDatabase, projectExists } from '../database'
import { fromSystemError, NeoGateError, type Clock, type Logger } from '../foundation'
import { assessContext } from '../growth'
import { createJobQueue } from '../job-queue'
import { createLabelStore } from '../label-store'
import { createReviewStore } from '../review-store'
import { removeUnfinishedModels } from '../model-registry'
import { createStudyStore, createStudyViews } from '../study-store'
import { createChangeFeed } from './change-feed'
import { createChangesUnderWay } from './changes-under-way'
import type { ProjectSession } from './core-context'
import { createEvaluationStore } from './evaluation/evaluation-store'
import { createExperimentStore } from './experiments/experiment-store'
import { createTrainingLog } from './training/training-log'

export type OpenSession = ProjectSession & { close(): Promise<void> }

/**
 * Opens or makes the project of a folder with all its stores.
 * @throws NeoGateError as openProjectDatabase
 */
export async function openProjectSession(options: {
  folder: string
  target: { mode: 'create'; name: string; demo?: boolean } | { mode: 'open' }
  clock: Clock
  logger: Logger
}): Promise<OpenSession> {
  const { folder, target, clock, logger } = options
  const database = await openProjectDatabase({ folder, clock, ...target })
  try {
    const cacheFolder = join(folder, 'cache')
    const modelsFolder = join(folder, 'models')
    for (const made of [cacheFolder, modelsFolder]) {
      await mkdir(made, { recursive: true }).catch(error => {
        throw fromSystemError(error, made)
      })
    }
    // The project is locked, so that nobody is writing a model there now.
    await removeUnfinishedModels(modelsFolder)
    const contextStateOf = (context: Parameters<typeof assessContext>[0]) => assessContext(context).state
    const changes = createChangeFeed()
    const underWay = createChangesUnderWay()
    const jobs = createJobQueue({ database, clock, logger, onChange: () => changes.publish(['jobs']) })
    return {
      folder,
      database,
      studies: createStudyStore(database, clock, contextStateOf),
      views: createStudyViews(database, clock),
      labels: createLabelStore(database, clock, contextStateOf),
      splits: createSplitStore(database, clock),
      review: createReviewStore(database, clock),
      jobs,
      trainingLog: createTrainingLog(database, clock),
      evaluations: createEvaluationStore(database),
      experiments: createExperimentStore(database),
      changes,
      underWay,
      cacheFolder,
      modelsFolder,
      async close() {
        changes.close()
        underWay.close()
        await jobs.close()
        await database.close()
      }
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** The one project that is open, or none. Opening, closing and changing over happen one after the other. */
export interface OpenProject {
  current(): OpenSession | null
  /** @throws NeoGateError NO_PROJECT */
  require(): OpenSession
  /** Opens a project, then closes the present one; where opening fails, the present one stays open. */
  open(
    folder: string,
    target: { mode: 'create'; name: string; demo?: boolean } | { mode: 'open' }
  ): Promise<OpenSession>
  close(): Promise<void>
}

/**
 * @param prepare gives a fresh session its job runners, before anything else can use it
 */
export function createOpenProject(options: {
  clock: Clock
  logger: Logger
  prepare(session: ProjectSession): void
}): OpenProject {
  let session: OpenSession | null = null
  let line: Promise<unknown> = Promise.resolve()

  function oneAtATime<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = line.then(work)
    line = result.catch(() => {})
    return result
  }

  async function closePresent(): Promise<void> {
    const present = session
    session = null
    await present?.close()
  }

  return {
    current: () => session,
    require() {
      if (session) return session
      throw new NeoGateError('NO_PROJECT', 'No project is open.', {
        remedy: 'Open a project or make a new one first.'
      })
    },
    open: (folder, target) =>
      oneAtATime(async () => {
        if (session?.folder === folder) {
          if (target.mode === 'open') return session
          throw projectExists(folder)
        }
        const opened = await openProjectSession({ ...options, folder, target })
        options.prepare(opened)
        await closePresent()
        session = opened
        return opened
      }),
    close: () => oneAtATime(closePresent)
  }
}
