import { NeoGateError } from '../../foundation'
import type { Shape } from '../graph'

/** Element types found in weight files; all are read as float32. */
export type StoredType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL'

export const BYTES_PER_ELEMENT: Readonly<Record<StoredType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1
}

export interface StoredTensor {
  readonly dtype: StoredType
  readonly shape: Shape
}

/** An open file of named tensors. Only what is asked for is read; nothing in the file is ever executed. */
export interface WeightFile {
  readonly format: 'safetensors' | 'torch' | 'onnx'
  readonly tensors: ReadonlyMap<string, StoredTensor>
  /** Free text that the file carries about itself. */
  readonly metadata: Readonly<Record<string, string>>
  /** One tensor, row-major, converted to float32. */
  read(name: string): Promise<Float32Array>
  close(): Promise<void>
}

/** The one refusal of this module: what is wrong with which file (or which tensor in it), and what to do. */
export function weightsRefused(
  file: string,
  problem: string,
  detail: { field?: string; reason?: string; remedy?: string } = {}
): NeoGateError {
  return new NeoGateError('WEIGHTS_REFUSED', `${file}: ${problem}`, { file, ...detail })
}
