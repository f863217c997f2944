/** What reports are made of; loaded together with the module that sets them. */
export { evaluationReport } from './evaluation-report'
export { experimentReport } from './experiment-report'
