export * from './schema'
export * from './project-database'
export * from './projections'
export * from './statements'
