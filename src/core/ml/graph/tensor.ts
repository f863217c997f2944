/** Element types that a graph of ours may hold. */
export type DataType = 'float32' | 'int32' | 'int64' | 'bool'

/** Sizes from the outermost axis in; images are [N, C, H, W]. Always known: one graph per batch and image size. */
export type Shape = readonly number[]

export interface TensorType {
  readonly dtype: DataType
  readonly shape: Shape
}

/** Numbers laid out row-major. `bool` holds one byte per element. */
export type Tensor =
  | { readonly dtype: 'float32'; readonly shape: Shape; readonly data: Float32Array }
  | { readonly dtype: 'int32'; readonly shape: Shape; readonly data: Int32Array }
  | { readonly dtype: 'int64'; readonly shape: Shape; readonly data: BigInt64Array }
  | { readonly dtype: 'bool'; readonly shape: Shape; readonly data: Uint8Array }

/** Number of elements; 1 for a scalar, whose shape is []. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** 'float32[2, 3]', as errors show it. */
export function formatType({ dtype, shape }: TensorType): string {
  return `${dtype}${formatShape(shape)}`
}

/** '[2, 3]'. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}

export function float32(shape: Shape, data: Float32Array | readonly number[]): Tensor {
  return { dtype: 'float32', shape, data: data instanceof Float32Array ? data : Float32Array.from(data) }
}

export function int64(shape: Shape, values: readonly number[]): Tensor {
  return { dtype: 'int64', shape, data: BigInt64Array.from(values, BigInt) }
}
