export * from './augment'
