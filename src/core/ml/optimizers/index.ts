export * from './adam'
export * from './adam-on-host'
