export * from './context-head'
export * from './gate-change'
