export * from './diagnosis'
export * from './film'
export * from './refusal'
export * from './clinical-context'
