export * from './training-step'
