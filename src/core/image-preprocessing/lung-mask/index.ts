export { findLungs, type Lung, type LungFinding, type LungMask } from './lung-mask'
export { polygonSpans, type Point } from './polygon'
export { type LungDoubt, type LungQuality } from './quality'
