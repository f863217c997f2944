import { agreement } from './agreement'
import { annotations } from './annotations'
import { app } from './app'
import { bulk } from './bulk'
import { evaluationArea } from './evaluation'
import { experiments } from './experiments'
import { explain } from './explain'
import { films } from './films'
import { intake } from './intake'
import { jobs } from './jobs'
import { history, labelling } from './labelling'
import { models, predictions } from './models'
import { project } from './project'
import { protocols } from './protocols'
import { queues } from './queues'
import { readers } from './readers'
import { reports } from './reports'
import { splits } from './splits'
import { views } from './study-views'
import { tools } from './tools'
import { training } from './training'

/** Everything that a host carries between a screen or a terminal and the core. */
export const contract = {
  app,
  project,
  intake,
  films,
  views,
  labelling,
  bulk,
  annotations,
  history,
  models,
  predictions,
  explain,
  splits,
  jobs,
  training,
  evaluation: evaluationArea,
  experiments,
  reports,
  readers,
  queues,
  protocols,
  agreement
}
export type Contract = typeof contract

/** What the terminal has on top. */
export const terminalContract = { ...contract, tools }
export type TerminalContract = typeof terminalContract

export * from './constants'
export * from './values'
export * from './errors'
export * from './evaluation'
export * from './experiments'
export * from './paper-tables'
export * from './reports'
export * from './app'
export * from './project'
export * from './intake'
export * from './explain'
export * from './films'
export * from './film-pixels'
export * from './film-tags'
export * from './film-pixel-message'
export * from './labelling'
export * from './bulk'
export * from './study-views'
export * from './annotations'
export * from './models'
export * from './model-versions'
export * from './splits'
export * from './jobs'
export * from './tools'
export * from './training'
export * from './readers'
export * from './queues'
export * from './queue-blinding'
export * from './blinding'
export * from './film-blinding'
export * from './protocols'
export * from './agreement'
export * from './host-bridge'
