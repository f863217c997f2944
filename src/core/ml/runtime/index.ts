/** The one place that knows onnxruntime-node. */
export * from './providers'
export * from './self-test'
export * from './session'
