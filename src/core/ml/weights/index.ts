/** Weight files in and out, under torchvision's names; nothing in a file is ever executed. */
export * from './initialise'
export * from './load-weights'
export { openSafetensors, writeSafetensors } from './safetensors'
export { openTorchCheckpoint } from './torch-checkpoint'
export type { StoredTensor, StoredType, WeightFile } from './weight-file'
