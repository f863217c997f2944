/**
 * A reader of Python pickles that can only build plain data. A pickle is a program for a stack machine that may call
 * anything Python can import; here only the opcodes that build data are known, and only the callables that the caller
 * names are let through, each replaced by a function of ours. Nothing in a file is ever executed.
 *
 * Opcodes: CPython Lib/pickletools.py, protocols 0 to 5.
 */
export class PickleRefused extends Error {
  override readonly name = 'PickleRefused'
  constructor(
    message: string,
    /** 'module.name' where a callable was refused. */
    readonly refusedGlobal: string | null = null
  ) {
    super(message)
  }
}

/** What a pickle may build. Dictionaries keep their order; keys are text or numbers. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleValue[]
  | PickleDictionary
  | Uint8Array
  | PickleGlobal
  | PickleObject

export type PickleDictionary = Map<PickleValue, PickleValue>

/** The name of a callable or type, as a value. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

/** Anything that a caller's function makes (a tensor). */
export abstract class PickleObject {
  abstract readonly kind: string
}

export interface PickleRules {
  /** What each callable does, by 'module.name'; null: it may be named as a type, but not called. */
  readonly globals: ReadonlyMap<string, ((parameters: PickleValue[]) => PickleValue) | null>
  /** Resolves a persistent id (torch: a storage). */
  persistentLoad(id: PickleValue): PickleValue
}

const MAX_STACK = 1_000_000
const MAX_MEMO = 1_000_000

const MARK = Symbol('mark')

/** @throws PickleRefused */
export function readPickle(bytes: Uint8Array, rules: PickleRules): PickleValue {
  return new Machine(bytes, rules).run()
}

class Machine {
  private readonly view: DataView
  private place = 0
  private stack: (PickleValue | typeof MARK)[] = []
  private readonly memo = new Map<number, PickleValue>()

  constructor(
    private readonly bytes: Uint8Array,
    private readonly rules: PickleRules
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  run(): PickleValue {
    for (;;) {
      const at = this.place
      const opcode = this.byte()
      if (opcode === 0x2e) return this.pop() // STOP
      if (!this.step(opcode)) {
        throw new PickleRefused(
          `pickle opcode 0x${opcode.toString(16).padStart(2, '0')} at byte ${at} is not allowed`
        )
      }
      if (this.stack.length > MAX_STACK || this.memo.size > MAX_MEMO) {
        throw new PickleRefused('the pickle builds more than a checkpoint needs')
      }
    }
  }

  /** Performs one opcode; false where it is not on the list. */
  private step(opcode: number): boolean {
    switch (opcode) {
      case 0x80: // PROTO
        if (this.byte() > 5) throw new PickleRefused('this pickle protocol is not known')
        return true
      case 0x95: // FRAME
        this.take(8)
        return true
      case 0x28: // MARK
        this.stack.push(MARK)
        return true
      case 0x30: // POP
        this.stack.pop()
        return true
      case 0x4e: // NONE
        return this.push(null)
      case 0x88: // NEWTRUE
        return this.push(true)
      case 0x89: // NEWFALSE
        return this.push(false)
      case 0x4b: // BININT1
        return this.push(this.byte())
      case 0x4d: // BININT2
        return this.push(this.take(2).getUint16(0, true))
      case 0x4a: // BININT
        return this.push(this.take(4).getInt32(0, true))
      case 0x8a: // LONG1
        return this.push(this.long(this.byte()))
      case 0x49: // INT
        return this.push(this.decimal(this.line()))
      case 0x4c: // LONG
        return this.push(this.decimal(this.line().replace(/L$/, '')))
      case 0x47: // BINFLOAT
        return this.push(this.take(8).getFloat64(0, false))
      case 0x46: // FLOAT
        return this.push(Number(this.line()))
      case 0x56: // UNICODE
        return this.push(this.line())
      case 0x8c: // SHORT_BINUNICODE
        return this.push(this.text(this.byte()))
      case 0x58: // BINUNICODE
        return this.push(this.text(this.take(4).getUint32(0, true)))
      case 0x8d: // BINUNICODE8
        return this.push(this.text(this.long64()))
      case 0x55: // SHORT_BINSTRING
        return this.push(this.text(this.byte()))
      case 0x54: // BINSTRING
        return this.push(this.text(this.take(4).getInt32(0, true)))
      case 0x43: // SHORT_BINBYTES
        return this.push(this.slice(this.byte()))
      case 0x42: // BINBYTES
        return this.push(this.slice(this.take(4).getUint32(0, true)))
      case 0x29: // EMPTY_TUPLE
      case 0x5d: // EMPTY_LIST
        return this.push([])
      case 0x7d: // EMPTY_DICT
        return this.push(new Map())
      case 0x85: // TUPLE1
        return this.push([this.pop()])
      case 0x86: // TUPLE2
        return this.push(this.popMany(2))
      case 0x87: // TUPLE3
        return this.push(this.popMany(3))
      case 0x74: // TUPLE
      case 0x6c: // LIST
        return this.push(this.popToMark())
      case 0x64: // DICT
        return this.push(this.fill(new Map(), this.popToMark()))
      case 0x61: // APPEND
        return this.append([this.pop()])
      case 0x65: // APPENDS
        return this.append(this.popToMark())
      case 0x73: // SETITEM
        return this.setItems(this.popMany(2))
      case 0x75: // SETITEMS
        return this.setItems(this.popToMark())
      case 0x71: // BINPUT
        return this.remember(this.byte())
      case 0x72: // LONG_BINPUT
        return this.remember(this.take(4).getUint32(0, true))
      case 0x70: // PUT
        return this.remember(this.decimal(this.line()))
      case 0x94: // MEMOIZE
        return this.remember(this.memo.size)
      case 0x68: // BINGET
        return this.recall(this.byte())
      case 0x6a: // LONG_BINGET
        return this.recall(this.take(4).getUint32(0, true))
      case 0x67: // GET
        return this.recall(this.decimal(this.line()))
      case 0x63: // GLOBAL
        return this.pushGlobal(this.line(), this.line())
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.popMany(2)
        return this.pushGlobal(String(module), String(name))
      }
      case 0x52: // REDUCE
        return this.reduce()
      case 0x62: // BUILD: state set on an object after it is made (metadata of a state_dict); not needed, not applied
        this.pop()
        return true
      case 0x51: // BINPERSID
        return this.push(this.rules.persistentLoad(this.pop()))
      default:
        return false
    }
  }

  private push(value: PickleValue): true {
    this.stack.push(value)
    return true
  }

  private pop(): PickleValue {
    const value = this.stack.pop()
    if (value === undefined || value === MARK) throw new PickleRefused('the pickle takes more than it made')
    return value as PickleValue
  }

  private popMany(count: number): PickleValue[] {
    const values: PickleValue[] = []
    for (let i = 0; i < count; i++) values.unshift(this.pop())
    return values
  }

  private popToMark(): PickleValue[] {
    const mark = this.stack.lastIndexOf(MARK)
    if (mark < 0) throw new PickleRefused('the pickle lacks a mark')
    const values = this.stack.slice(mark + 1) as PickleValue[]
    this.stack.length = mark
    return values
  }

  private top(): PickleValue {
    const value = this.pop()
    this.stack.push(value)
    return value
  }

  private append(values: PickleValue[]): true {
    const list = this.top()
    if (!Array.isArray(list)) throw new PickleRefused('the pickle appends to what is no list')
    for (const value of values) list.push(value)
    return true
  }

  private setItems(values: PickleValue[]): true {
    const dictionary = this.top()
    if (!(dictionary instanceof Map))
      throw new PickleRefused('the pickle sets items of what is no dictionary')
    this.fill(dictionary, values)
    return true
  }

  private fill(dictionary: PickleDictionary, values: PickleValue[]): PickleDictionary {
    if (values.length % 2 !== 0) throw new PickleRefused('the pickle has a key without a value')
    for (let i = 0; i < values.length; i += 2) dictionary.set(values[i]!, values[i + 1]!)
    return dictionary
  }

  private remember(index: number): true {
    this.memo.set(index, this.top())
    return true
  }

  private recall(index: number): true {
    const value = this.memo.get(index)
    if (value === undefined) throw new PickleRefused(`the pickle recalls ${index}, which it never stored`)
    return this.push(value)
  }

  private pushGlobal(module: string, name: string): true {
    const full = `${module}.${name}`
    if (!this.rules.globals.has(full)) {
      throw new PickleRefused(`it wants to use '${full}', which is not allowed`, full)
    }
    return this.push(new PickleGlobal(full))
  }

  private reduce(): true {
    const [callable, parameters] = this.popMany(2)
    if (!(callable instanceof PickleGlobal) || !Array.isArray(parameters)) {
      throw new PickleRefused('the pickle calls what is no function')
    }
    const replacement = this.rules.globals.get(callable.name)
    if (!replacement)
      throw new PickleRefused(`it wants to call '${callable.name}', which is not allowed`, callable.name)
    return this.push(replacement(parameters))
  }

  private byte(): number {
    return this.take(1).getUint8(0)
  }

  private take(count: number): DataView {
    const bytes = this.slice(count)
    return new DataView(bytes.buffer, bytes.byteOffset, count)
  }

  private slice(count: number): Uint8Array {
    if (count < 0 || this.place + count > this.bytes.length)
      throw new PickleRefused('the pickle is cut short')
    this.place += count
    return this.bytes.subarray(this.place - count, this.place)
  }

  private text(length: number): string {
    return new TextDecoder().decode(this.slice(length))
  }

  private long64(): number {
    return Number(this.take(8).getBigUint64(0, true))
  }

  /** Little-endian two's complement of any length. */
  private long(length: number): number | bigint {
    const bytes = this.slice(length)
    let value = 0n
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!)
    if (length > 0 && bytes[length - 1]! & 0x80) value -= 1n << BigInt(8 * length)
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  }

  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.place)
    if (end < 0) throw new PickleRefused('the pickle is cut short')
    const text = this.text(end - this.place)
    this.place = end + 1
    return text
  }

  private decimal(text: string): number {
    const value = Number(text)
    if (!Number.isSafeInteger(value)) throw new PickleRefused(`'${text.slice(0, 20)}' is not a whole number`)
    return value
  }
}
