/** Model folders, their cards, and the list of a project's models. */
export * from './model-card'
export * from './model-folder'
export * from './model-list'
