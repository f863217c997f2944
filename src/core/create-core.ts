import { availableParallelism } from 'node:os'
import type { AppInfo } from '../contract'
import { createChildPool, systemClock, type Clock, type Logger, type SpawnChild } from './foundation'
import { createAnnotationsService } from './services/annotations'
import { createAppService } from './services/app'
import { createGuard } from './services/blinding'
import { registerComparePixelsJobs } from './services/compare-pixels-job'
import type { CoreContext, ProjectSession } from './services/core-context'
import { createExplainService, registerEnsembleJobs } from './services/explain'
import { createEvaluationService } from './services/evaluation'
import { registerEvaluateJobs } from './services/evaluation/evaluate-job'
import { createExperimentsService } from './services/experiments'
import { registerExperimentJobs } from './services/experiments/experiment-job'
import { createFilmResources } from './services/film-resources'
import { createFilmsService } from './services/films'
import { createHistoryService } from './services/history'
import { createInference } from './services/inference'
import { createIntakeService, registerImportJobs } from './services/intake'
import { createJobsService } from './services/jobs'
import { createLabellingService } from './services/labelling'
import { createModelsService } from './services/models'
import { registerPredictJobs } from './services/predict-job'
import { createPredictionsService } from './services/predictions'
import { createProjectService } from './services/project'
import { createOpenProject } from './services/project-session'
import { createAgreementService } from './services/review/agreement'
import { createProtocolsService } from './services/review/protocols'
import { createQueuesService } from './services/review/queues'
import { createReadersService } from './services/review/readers'
import { registerScoreJobs } from './services/review/score-job'
import { createReportsService } from './services/reports'
import { createRouter, createTerminalRouter, type CoreRouter, type TerminalRouter } from './services/router'
import { PRIVATE_HEADERS, screenFile, textAnswer, type WebAnswer } from './services/screen-files'
import type { Services } from './services/services'
import { createSplitsService } from './services/splits'
import { openSettings } from './services/settings-store'
import { createBulkService } from './services/studies/bulk'
import { createViewsService } from './services/studies/views'
import { createToolsService } from './services/tools'
import { createTrainingService, registerTrainJobs } from './services/training'
import { NEOGATE_VERSION, ONNXRUNTIME_VERSION } from './version'

export interface CoreSettings {
  host: AppInfo['host']
  shell: AppInfo['shell']
  /** Starts a child of this host's kind (fork or utilityProcess). */
  spawnChild: SpawnChild
  /** Files shipped with the app. */
  resourcesFolder: string
  /** The built screens; null where the host shows none. */
  screensFolder: string | null
  /** Settings and the demo project. */
  userFolder: string
  logger: Logger
  clock?: Clock
}

export interface Core {
  info: AppInfo
  /** For windows and browsers. */
  router: CoreRouter
  /** For the terminal: has the file tools on top. */
  terminalRouter: TerminalRouter
  /** Answers a GET: /pixels/{filmId}, /thumbnails/{filmId} or a file of the screens. Never throws. */
  get(path: string, signal?: AbortSignal): Promise<WebAnswer>
  /** Lets running writes finish, closes the project and ends the children. */
  close(): Promise<void>
}

/** A film's decoding may take this long before its child is killed. */
const FILM_TIME_LIMIT_MS = 60_000
/** One call to the model child: a batch, or the self-test of a provider. */
const MODEL_TIME_LIMIT_MS = 10 * 60_000

/** Makes the whole core; every host does this once. */
export async function createCore(settings: CoreSettings): Promise<Core> {
  const { logger, spawnChild, clock = systemClock } = settings
  const info: AppInfo = {
    version: NEOGATE_VERSION,
    host: settings.host,
    shell: settings.shell,
    runtime: {
      node: process.versions.node,
      electron: process.versions.electron ?? null,
      chromium: process.versions.chrome ?? null,
      onnxruntime: ONNXRUNTIME_VERSION
    }
  }
  const films = createChildPool({
    spawn: spawnChild,
    role: 'film',
    size: Math.max(2, Math.min(availableParallelism() - 1, 8)),
    timeoutMs: FILM_TIME_LIMIT_MS
  })
  const models = createChildPool({
    spawn: spawnChild,
    role: 'model',
    size: 1,
    timeoutMs: MODEL_TIME_LIMIT_MS
  })
  const trainers = createChildPool({ spawn: spawnChild, role: 'train', size: 1, timeoutMs: null })
  const openProject = createOpenProject({ clock, logger, prepare: session => registerJobs(context, session) })
  const base: Omit<CoreContext, 'inference'> = {
    info,
    clock,
    logger,
    films,
    models,
    trainers,
    settings: await openSettings(settings.userFolder, logger),
    resourcesFolder: settings.resourcesFolder,
    userFolder: settings.userFolder,
    project: openProject.require
  }
  const context: CoreContext = { ...base, inference: createInference(base) }
  const predictions = createPredictionsService(context)
  const services: Services = {
    app: createAppService(context),
    project: createProjectService(context, openProject),
    intake: createIntakeService(context),
    films: createFilmsService(context),
    views: createViewsService(context),
    labelling: createLabellingService(context),
    bulk: createBulkService(context),
    annotations: createAnnotationsService(context),
    history: createHistoryService(context),
    models: createModelsService(context),
    predictions,
    explain: createExplainService(context, predictions),
    splits: createSplitsService(context),
    jobs: createJobsService(context),
    training: createTrainingService(context),
    evaluation: createEvaluationService(context),
    experiments: createExperimentsService(context),
    reports: createReportsService(context),
    readers: createReadersService(context),
    queues: createQueuesService(context),
    protocols: createProtocolsService(context),
    agreement: createAgreementService(context),
    tools: createToolsService(context)
  }
  const resources = createFilmResources(context)
  const guard = createGuard(context)
  return {
    info,
    router: createRouter(services, logger, guard),
    terminalRouter: createTerminalRouter(services, logger, guard),
    async get(path, signal) {
      if (/^\/(pixels|thumbnails)\//.test(path)) {
        const { status, contentType, body } = await resources.get(path, signal)
        return { status, headers: { ...PRIVATE_HEADERS, 'Content-Type': contentType }, body }
      }
      if (settings.screensFolder === null) return textAnswer(404, 'Not found')
      return screenFile(settings.screensFolder, path)
    },
    async close() {
      await openProject.close()
      films.close()
      models.close()
      trainers.close()
    }
  }
}

/** The kinds of job that an opened project can run. */
function registerJobs(context: CoreContext, session: ProjectSession): void {
  registerImportJobs(context, session)
  registerPredictJobs(context, session)
  registerTrainJobs(context, session)
  registerEvaluateJobs(context, session)
  registerExperimentJobs(context, session)
  registerComparePixelsJobs(context, session)
  registerScoreJobs(context, session)
  registerEnsembleJobs(context, session)
}

export {
  forkChild,
  lastWordsOf,
  silentLogger,
  stderrLogger,
  type Logger,
  type SpawnChild
} from './foundation'
export type { CoreRouter, TerminalRouter } from './services/router'
export { SECURITY_HEADERS, type WebAnswer } from './services/screen-files'
export { userFolder } from './user-folder'
export { NEOGATE_VERSION } from './version'
