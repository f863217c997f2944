export * from './context-head'
