export * from './cross-entropy'
