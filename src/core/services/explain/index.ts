export { createExplainService } from './explain'
