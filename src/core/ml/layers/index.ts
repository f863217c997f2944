/** Layers only emit nodes and declare their parameters; none knows what it is part of. */
export * from './activation'
export * from './batch-norm'
export * from './conv'
export * from './gate'
export * from './linear'
export * from './pooling'
