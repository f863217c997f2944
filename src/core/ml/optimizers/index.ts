export * from './adam'
