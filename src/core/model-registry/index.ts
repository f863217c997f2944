/** Model folders, their cards and lineage, and the list of a project's models. */
export * from './training-record'
export * from './model-card'
export * from './model-card-document'
export * from './model-folder'
export * from './model-list'
export * from './lineage'
export * from './promotion-gate'
