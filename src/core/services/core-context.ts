import type { AppInfo, ProjectChange, Settings } from '../../contract'
import type { SplitStore } from '../curation'
import type { ProjectDatabase } from '../database'
import type { ChildPool, Clock, Logger } from '../foundation'
import type { JobQueue } from '../job-queue'
import type { LabelStore } from '../label-store'
import type { ReviewStore } from '../review-store'
import type { StudyStore, StudyViews } from '../study-store'
import type { ChangesUnderWay } from './changes-under-way'
import type { EvaluationStore } from './evaluation/evaluation-store'
import type { ExperimentStore } from './experiments/experiment-store'
import type { Inference } from './inference'
import type { TrainingLog } from './training/training-log'

/** Tells every open screen what has changed. */
export interface ChangeFeed {
  /**
   * Changes so far: what was derived from the project holds while it stays the same.
   * @param concerns which changes count, by their areas; without it all but the progress of jobs
   */
  version(concerns?: (areas: ProjectChange['areas']) => boolean): number
  publish(areas: ProjectChange['areas'], filmIds?: string[]): void
  /** Changes from now on, until the signal aborts or the project is closed. */
  subscribe(signal?: AbortSignal): AsyncGenerator<ProjectChange>
}

/** Everything that belongs to the one open project. */
export interface ProjectSession {
  folder: string
  database: ProjectDatabase
  studies: StudyStore
  /** Ways of looking at the Studies table. */
  views: StudyViews
  labels: LabelStore
  splits: SplitStore
  /** Readers, protocols, readings. */
  review: ReviewStore
  jobs: JobQueue
  /** What training runs have told. */
  trainingLog: TrainingLog
  evaluations: EvaluationStore
  experiments: ExperimentStore
  changes: ChangeFeed
  underWay: ChangesUnderWay
  /** Folder below the project for derived files that can be made again (thumbnails). */
  cacheFolder: string
  modelsFolder: string
}

export interface SettingsStore {
  get(): Settings
  change(change: Partial<Settings>): Promise<Settings>
}

/** What services are made from. */
export interface CoreContext {
  info: AppInfo
  clock: Clock
  logger: Logger
  /** Reads and decodes films; one call at a time per child. */
  films: ChildPool
  /** Runs networks. */
  models: ChildPool
  /** Trains networks; one at a time, apart from `models` so that films are predicted meanwhile. */
  trainers: ChildPool
  /** Models on films, by whichever provider works here; made by `createInference`. */
  inference: Inference
  settings: SettingsStore
  /** Files shipped with the app: demo model, growth reference. */
  resourcesFolder: string
  /** Per-user folder: settings, demo project. */
  userFolder: string
  /** @throws NeoGateError NO_PROJECT */
  project(): ProjectSession
}
