import type { Attributes, AttributeValue } from '../graph'
import { formatShape, type Shape, type TensorType } from '../tensor'

export type AttributeKind = 'int' | 'ints' | 'float' | 'string'

/**
 * What the graph must know of one ONNX operator: which attributes it takes, and which types come out. `infer` throws
 * a plain Error that says what is wrong with the inputs; the caller adds which node it was.
 */
export interface Op {
  /** Fewest and most inputs. */
  readonly inputs: readonly [number, number]
  readonly attributes: Readonly<Record<string, AttributeKind>>
  /** `null` stands for an optional input left out. `constants` are the values of inputs known beforehand. */
  infer(
    inputs: readonly (TensorType | null)[],
    attributes: Attributes,
    constants: ConstantReader
  ): TensorType[]
}

/** The integers held by input `index` where it is a constant (the shape given to Reshape), else null. */
export type ConstantReader = (index: number) => readonly number[] | null

/** NumPy broadcasting of two shapes. */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1
    const right = b[axis - rank + b.length] ?? 1
    if (left !== right && left !== 1 && right !== 1) {
      throw new Error(`shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast`)
    }
    return left === 1 ? right : left
  })
}

export function expect(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new Error(problem)
}

export function required(type: TensorType | null | undefined, index: number): TensorType {
  if (!type) throw new Error(`input ${index} is missing`)
  return type
}

/** The integers of an input that shapes depend on, so that they must be known beforehand. */
export function constantInput(constants: ConstantReader, index: number, name: string): readonly number[] {
  const values = constants(index)
  if (!values) throw new Error(`${name} must be given as a constant`)
  return values
}

export function intAttribute(value: AttributeValue | undefined, absent: number): number {
  return typeof value === 'number' ? value : absent
}

export function intsAttribute(
  value: AttributeValue | undefined,
  absent: readonly number[]
): readonly number[] {
  return Array.isArray(value) ? (value as readonly number[]) : absent
}
