export { registerEnsembleJobs } from './ensemble-job'
export { createExplainService } from './explain'
