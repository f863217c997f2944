export * from './schema'
export * from './project-database'
