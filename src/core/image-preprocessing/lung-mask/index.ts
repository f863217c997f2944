export { findLungs, type Lung, type LungFinding, type LungMask } from './lung-mask'
export { polygonSpans, type Point } from './polygon'
export { LUNG_DOUBTS, type LungDoubt, type LungQuality } from './quality'
