/**
 * A network as a value. Read `graph.ts` (what it is), `builder.ts` (how it is made), `ops/` (what each operator gives),
 * `validate.ts` (what must hold), `onnx-file.ts` (how it is written down).
 */
export * from './tensor'
export * from './graph'
export { createGraphBuilder, type GraphBuilder } from './builder'
export { bindParameters } from './bind'
export * from './emit'
export { validateGraph } from './validate'
export { fromOnnx, readOnnxConstants, toOnnx, type OnnxFile } from './onnx-file'
export { OPS, type OpName } from './ops'
