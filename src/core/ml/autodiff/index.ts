/**
 * Reverse-mode differentiation of a graph, as more graph. Read `differentiate.ts` (the whole engine), then any file of
 * `gradients/` (one operator each).
 */
export { differentiate, type ClosedForm, type GradientRequest } from './differentiate'
export { GRADIENT_RULES } from './gradient-rules'
