export { bodyPercentiles, bodyWindow, type BodyPercentiles } from './body-statistics'
export { displayValues, displayVoi } from './display'
export {
  findLungs,
  LUNG_DOUBTS,
  polygonSpans,
  type LungDoubt,
  type LungFinding,
  type LungMask
} from './lung-mask'
export { modalityValues } from './modality'
export { MODEL_INPUT_STEPS, modelInput, preprocessingHash, type Extent, type ModelInput } from './model-input'
export { resizeRows } from './resize'
export { thumbnail } from './thumbnail'
