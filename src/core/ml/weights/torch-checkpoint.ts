import { elementCount, sameShape, type Shape } from '../graph'
import { toFloat32 } from './element-types'
import { openFileBytes, type FileBytes } from './file-bytes'
import {
  PickleGlobal,
  PickleObject,
  PickleRefused,
  readPickle,
  type PickleRules,
  type PickleValue
} from './restricted-pickle'
import {
  BYTES_PER_ELEMENT,
  weightsRefused,
  type StoredTensor,
  type StoredType,
  type WeightFile
} from './weight-file'
import { entryStart, isZip, readZipDirectory, type ZipEntry } from './zip-directory'

/** The pickle describes tensors, it does not hold them: that of ResNet50 is 40 kB. */
const MAX_PICKLE_BYTES = 64 * 2 ** 20

const STORAGES: Readonly<Record<string, StoredType>> = {
  'torch.DoubleStorage': 'F64',
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL'
}

const SAVE_AGAIN =
  'In PyTorch load it with weights you trust and save again: torch.save(model.state_dict(), "weights.pth").'

/** A run of elements in the archive: entry `data/{key}`. */
class Storage extends PickleObject {
  readonly kind = 'storage'
  constructor(
    readonly key: string,
    readonly dtype: StoredType,
    readonly length: number
  ) {
    super()
  }
}

/** A strided look at a storage; offset and strides in elements. */
class StridedTensor extends PickleObject implements StoredTensor {
  readonly kind = 'tensor'
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: Shape,
    readonly strides: readonly number[]
  ) {
    super()
  }
  get dtype(): StoredType {
    return this.storage.dtype
  }
}

/**
 * Opens what torch.save wrote since PyTorch 1.6: a ZIP with a pickle beside raw storages. The pickle is read by a
 * machine that executes nothing (restricted-pickle.ts).
 * @throws NeoGateError WEIGHTS_REFUSED: reason 'forbidden-global' with the global in `field`, 'legacy-format', 'damaged'
 */
export async function openTorchCheckpoint(path: string): Promise<WeightFile> {
  const file = await openFileBytes(path)
  try {
    if (!(await isZip(file))) {
      throw weightsRefused(path, 'this is not a ZIP checkpoint as torch.save writes since PyTorch 1.6.', {
        reason: 'legacy-format',
        remedy: SAVE_AGAIN
      })
    }
    const entries = await readZipDirectory(file)
    const pickleEntry = [...entries.values()].find(({ name }) => /^[^/]+\/data\.pkl$/.test(name))
    if (!pickleEntry) throw weightsRefused(path, 'the archive holds no data.pkl; it is no checkpoint.')
    const folder = pickleEntry.name.slice(0, -'data.pkl'.length)
    await checkByteOrder(file, entries.get(`${folder}byteorder`))
    const tensors = stateDict(path, await unpickle(file, pickleEntry))
    return {
      format: 'torch',
      tensors,
      metadata: {},
      async read(name) {
        const tensor = tensors.get(name)
        if (!tensor) throw weightsRefused(path, `holds no tensor '${name}'.`, { field: name })
        return readTensor(file, name, tensor, entries.get(`${folder}data/${tensor.storage.key}`))
      },
      close: () => file.close()
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function checkByteOrder(file: FileBytes, entry: ZipEntry | undefined): Promise<void> {
  if (!entry) return
  const bytes = await file.read(await entryStart(file, entry), Math.min(entry.byteSize, 16))
  if (Buffer.from(bytes).toString('latin1') !== 'little') {
    throw weightsRefused(file.path, 'written on a big-endian machine, which is not read here.', {
      remedy: SAVE_AGAIN
    })
  }
}

async function unpickle(file: FileBytes, entry: ZipEntry): Promise<PickleValue> {
  if (entry.byteSize > MAX_PICKLE_BYTES) {
    throw weightsRefused(file.path, `its pickle has ${entry.byteSize} bytes, far more than tensors need.`)
  }
  try {
    return readPickle(await file.read(await entryStart(file, entry), entry.byteSize), rules)
  } catch (error) {
    if (!(error instanceof PickleRefused)) throw error
    throw weightsRefused(file.path, `${error.message}. Nothing in the file was executed.`, {
      ...(error.refusedGlobal
        ? { field: error.refusedGlobal, reason: 'forbidden-global' }
        : { reason: 'damaged' }),
      remedy: SAVE_AGAIN
    })
  }
}

const rules: PickleRules = {
  globals: new Map<string, ((parameters: PickleValue[]) => PickleValue) | null>([
    ['collections.OrderedDict', orderedDict],
    ['torch._utils._rebuild_tensor_v2', rebuildTensor],
    ['torch._utils._rebuild_parameter', ([tensor]) => tensor ?? null],
    ...Object.keys(STORAGES).map(name => [name, null] as const)
  ]),
  persistentLoad(id) {
    const [tag, type, key, , length] = Array.isArray(id) ? id : []
    const dtype = type instanceof PickleGlobal ? STORAGES[type.name] : undefined
    if (tag !== 'storage' || !dtype || typeof key !== 'string' || !isSize(length)) {
      throw new PickleRefused('it refers to something that is no tensor storage')
    }
    return new Storage(key, dtype, length)
  }
}

/** OrderedDict() or OrderedDict([[key, value], ...]) */
function orderedDict([pairs]: PickleValue[]): PickleValue {
  if (pairs === undefined) return new Map()
  if (!Array.isArray(pairs)) throw new PickleRefused('OrderedDict is given what is no list')
  return new Map(
    pairs.map(pair => {
      if (!Array.isArray(pair) || pair.length !== 2) throw new PickleRefused('OrderedDict is given no pairs')
      return [pair[0]!, pair[1]!] as const
    })
  )
}

/** (storage, offset, size, stride, requires_grad, backward_hooks) */
function rebuildTensor([storage, offset, shape, strides]: PickleValue[]): PickleValue {
  if (!(storage instanceof Storage) || !isSize(offset) || !isSizes(shape) || !isSizes(strides)) {
    throw new PickleRefused('it describes a tensor that makes no sense')
  }
  const last = shape.reduce((place, size, axis) => place + (size - 1) * (strides[axis] ?? NaN), offset)
  if (elementCount(shape) > 0 && !(shape.length === strides.length && last < storage.length)) {
    throw new PickleRefused('it describes a tensor that reaches outside its storage')
  }
  return new StridedTensor(storage, offset, shape, strides)
}

function isSize(value: PickleValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isSizes(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.every(isSize)
}

/** Where training scripts put the state_dict when they save more beside it. */
const NESTED_UNDER = ['state_dict', 'model_state_dict', 'model', 'net', 'model_ema']

function stateDict(path: string, root: PickleValue): Map<string, StridedTensor> {
  const candidates = [root, ...NESTED_UNDER.map(key => (root instanceof Map ? root.get(key) : undefined))]
  for (const candidate of candidates) {
    if (!(candidate instanceof Map)) continue
    const tensors = [...candidate].filter(
      (entry): entry is [string, StridedTensor] =>
        typeof entry[0] === 'string' && entry[1] instanceof StridedTensor
    )
    if (tensors.length > 0) return new Map(tensors)
  }
  throw weightsRefused(path, 'it holds no state_dict.', {
    reason: 'no-state-dict',
    remedy: SAVE_AGAIN
  })
}

async function readTensor(
  file: FileBytes,
  name: string,
  { storage, offset, shape, strides }: StridedTensor,
  entry: ZipEntry | undefined
): Promise<Float32Array> {
  const width = BYTES_PER_ELEMENT[storage.dtype]
  if (!entry || entry.byteSize < storage.length * width) {
    throw weightsRefused(file.path, `the values of '${name}' are missing or cut short.`, { field: name })
  }
  const start = await entryStart(file, entry)
  const count = elementCount(shape)
  if (sameShape(strides, rowMajorStrides(shape)) || count === 0) {
    return toFloat32(await file.read(start + offset * width, count * width), storage.dtype)
  }
  const source = toFloat32(await file.read(start, storage.length * width), storage.dtype)
  return gather(source, offset, shape, strides)
}

function rowMajorStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1)
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!
  return strides
}

function gather(
  source: Float32Array,
  offset: number,
  shape: Shape,
  strides: readonly number[]
): Float32Array {
  const result = new Float32Array(elementCount(shape))
  const index = new Array<number>(shape.length).fill(0)
  let place = offset
  for (let i = 0; i < result.length; i++) {
    result[i] = source[place]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += strides[axis]!
      if (++index[axis]! < shape[axis]!) break
      place -= strides[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
  return result
}
