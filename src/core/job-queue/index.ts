export type { Job, JobError, JobKind, JobProgress, JobRun, JobRunner, JobState } from './job'
export { createJobQueue, type JobQueue } from './job-queue'
