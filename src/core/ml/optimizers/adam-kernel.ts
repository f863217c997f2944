/**
 * Adam's inner loop as a WebAssembly module, four weights at a time: V8 gives plain JavaScript one weight at a time in
 * double precision, at less than half the speed. Put together here from the opcodes of the WebAssembly 2.0
 * specification (SIMD included), so that no compiler is needed to build NeoGate.
 */

/** Node has it, but TypeScript declares it in its DOM library alone, which the core does without. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { exports: object }
}

/** Weights that lie in the module's memory at once: four arrays of 64 KiB, which stay in a core's cache. */
export const KERNEL_WEIGHTS = 16_384

const ARRAY_BYTES = 4 * KERNEL_WEIGHTS

export interface AdamKernel {
  parameter: Float32Array
  gradient: Float32Array
  mean: Float32Array
  square: Float32Array
  /**
   * Updates the first `bytes` of the arrays (a multiple of 16) in place, all in float32:
   * slope = gradient + decay w; mean = beta1 mean + rest1 slope; square = beta2 square + rest2 slope^2;
   * w = keep w - rate mean / (sqrt(square) + floor)
   */
  update(
    bytes: number,
    decay: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    keep: number,
    rate: number,
    floor: number
  ): void
}

const get = (local: number) => [0x20, local]
const set = (local: number) => [0x21, local]
const simd = (...opcode: number[]) => [0xfd, ...opcode]
const splat = simd(0x13)
const sqrt = simd(0xe3, 0x01)
const add = simd(0xe4, 0x01)
const subtract = simd(0xe5, 0x01)
const multiply = simd(0xe6, 0x01)
const divide = simd(0xe7, 0x01)
const I32 = 0x7f
const F32 = 0x7d
const V128 = 0x7b

/** Signed LEB128, as i32.const takes it. */
function signed(value: number): number[] {
  const low = value & 0x7f
  const rest = value >> 7
  const isLast = (rest === 0 && !(low & 0x40)) || (rest === -1 && (low & 0x40) !== 0)
  return isLast ? [low] : [low | 0x80, ...signed(rest)]
}

/** Unsigned LEB128, as lengths and offsets are written. */
const unsigned = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]

const counted = (items: readonly number[][]) => [...unsigned(items.length), ...items.flat()]
const sized = (bytes: readonly number[]) => [...unsigned(bytes.length), ...bytes]
const section = (id: number, content: readonly number[]) => [id, ...sized(content)]
const text = (value: string) => sized([...Buffer.from(value)])

/** Locals: the function's parameters first (`end`, then the eight coefficients as scalars), then its own. */
const END = 0
const [DECAY, BETA1, REST1, BETA2, REST2, KEEP, RATE, FLOOR] = [9, 10, 11, 12, 13, 14, 15, 16] as const
const [W, SLOPE, MEAN, SQUARE] = [17, 18, 19, 20] as const
const AT = 21

/** v128.load and v128.store at the loop's place in array number `index`, aligned to 2^4 bytes. */
const load = (index: number) => [...get(AT), ...simd(0x00), 4, ...unsigned(index * ARRAY_BYTES)]
const store = (index: number, value: number[]) => [
  ...get(AT),
  ...value,
  ...simd(0x0b),
  4,
  ...unsigned(index * ARRAY_BYTES)
]
const product = (a: number[], b: number[]) => [...a, ...b, ...multiply]

function body(): number[] {
  const coefficients = [DECAY, BETA1, REST1, BETA2, REST2, KEEP, RATE, FLOOR]
  const step = [
    ...[...load(0), ...set(W)],
    ...[...load(1), ...product(get(DECAY), get(W)), ...add, ...set(SLOPE)],
    ...[...product(get(BETA1), load(2)), ...product(get(REST1), get(SLOPE)), ...add, ...set(MEAN)],
    ...product(get(BETA2), load(3)),
    ...[...product(get(REST2), product(get(SLOPE), get(SLOPE))), ...add, ...set(SQUARE)],
    ...store(2, get(MEAN)),
    ...store(3, get(SQUARE)),
    ...store(0, [
      ...product(get(KEEP), get(W)),
      ...product(get(RATE), get(MEAN)),
      ...[...get(SQUARE), ...sqrt, ...get(FLOOR), ...add],
      ...divide,
      ...subtract
    ])
  ]
  const next = [...get(AT), 0x41, ...signed(16), 0x6a, 0x22, AT, ...get(END), 0x49, 0x0d, 0]
  return [
    ...counted([
      [12, V128],
      [1, I32]
    ]),
    ...coefficients.flatMap((local, index) => [...get(index + 1), ...splat, ...set(local)]),
    ...[0x03, 0x40, ...step, ...next, 0x0b],
    0x0b
  ]
}

function moduleBytes(): Uint8Array {
  const signature = [0x60, ...counted([[I32], ...Array<number[]>(8).fill([F32])]), 0]
  const pages = Math.ceil((4 * ARRAY_BYTES) / 65_536)
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, counted([signature])),
    ...section(3, counted([[0]])),
    ...section(5, counted([[0, ...unsigned(pages)]])),
    ...section(
      7,
      counted([
        [...text('memory'), 2, 0],
        [...text('update'), 0, 0]
      ])
    ),
    ...section(10, counted([sized(body())]))
  ])
}

export function createAdamKernel(): AdamKernel {
  const { memory, update } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes())).exports as {
    memory: { buffer: ArrayBuffer }
    update: AdamKernel['update']
  }
  const array = (index: number) => new Float32Array(memory.buffer, index * ARRAY_BYTES, KERNEL_WEIGHTS)
  return { parameter: array(0), gradient: array(1), mean: array(2), square: array(3), update }
}
