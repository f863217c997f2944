/** Weight files in and out, under torchvision's names; nothing in a file is ever executed. */
export * from './initialise'
export * from './load-weights'
export { openSafetensors, writeSafetensors } from './safetensors'
export type { StoredTensor, StoredType, WeightFile } from './weight-file'
