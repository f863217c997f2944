import { setMaxListeners } from 'node:events'
import { NeoGateError } from '../errors'
import type { ChildHandle, ChildRole, FromChild, SpawnChild } from './protocol'
import { fromWire, toWire } from './wire-error'

export interface CallOptions {
  signal?: AbortSignal
  /** The child is killed and the call fails with WORKER_FAILED ('time-limit') after this many milliseconds; null: never. */
  timeoutMs?: number | null
  onEvent?: (event: unknown) => void
  /** Answers what the child asks while it does this call. */
  onAsk?: (question: unknown) => Promise<unknown>
  /** Calls of higher priority leave the waiting line first (0 by default): what a reader waits for goes before bulk work. */
  priority?: number
}

export interface ChildPool {
  /**
   * Runs `method` in the next free child.
   * @throws NeoGateError as thrown in the child; WORKER_FAILED with reason 'crashed' or 'time-limit'; CANCELLED.
   */
  call<Result>(method: string, payload: unknown, options?: CallOptions): Promise<Result>
  close(): void
}

interface Call {
  id: number
  method: string
  payload: unknown
  options: CallOptions
  resolve(value: unknown): void
  reject(error: Error): void
}

interface Slot {
  child: ChildHandle | null
  call: Call | null
  timer: NodeJS.Timeout | null
}

/**
 * A fixed number of children, each doing one call at a time. A child that crashes or outlives its time limit fails its
 * own call only, and is replaced at the next one.
 */
export function createChildPool(settings: {
  spawn: SpawnChild
  role: ChildRole
  size: number
  /** null: none. */
  timeoutMs: number | null
}): ChildPool {
  const slots: Slot[] = Array.from({ length: settings.size }, () => ({
    child: null,
    call: null,
    timer: null
  }))
  const waiting: Call[] = []
  let nextId = 1
  let closed = false

  function settle(slot: Slot, outcome: (call: Call) => void): void {
    const call = slot.call
    if (slot.timer) clearTimeout(slot.timer)
    slot.timer = null
    slot.call = null
    if (call) outcome(call)
    dispatch()
  }

  function discard(slot: Slot): void {
    const child = slot.child
    slot.child = null
    child?.kill()
  }

  function onMessage(slot: Slot, child: ChildHandle, message: FromChild): void {
    if (slot.child !== child || message.type === 'ready' || slot.call?.id !== message.id) return
    if (message.type === 'event') slot.call.options.onEvent?.(message.event)
    else if (message.type === 'result') settle(slot, call => call.resolve(message.value))
    else if (message.type === 'ask') void answer(slot.call, child, message)
    else settle(slot, call => call.reject(fromWire(message.error)))
  }

  async function answer(call: Call, child: ChildHandle, asked: Extract<FromChild, { type: 'ask' }>) {
    const reply = { type: 'answer', id: call.id, question: asked.question } as const
    try {
      if (!call.options.onAsk)
        throw new NeoGateError('INTERNAL', `Nobody answers what '${call.method}' asks.`)
      child.send({ ...reply, answer: { value: await call.options.onAsk(asked.payload) } })
    } catch (thrown) {
      child.send({ ...reply, answer: { error: toWire(thrown) } })
    }
  }

  function childOf(slot: Slot): ChildHandle {
    if (slot.child) return slot.child
    const child = settings.spawn(settings.role)
    slot.child = child
    child.onMessage(message => onMessage(slot, child, message))
    child.onExit(() => {
      if (slot.child !== child) return
      slot.child = null
      settle(slot, call =>
        call.reject(
          new NeoGateError(
            'WORKER_FAILED',
            `The ${settings.role} worker stopped while doing '${call.method}'.`,
            {
              reason: 'crashed',
              remedy: 'The worker is started again by itself; skip this file if it happens again.'
            }
          )
        )
      )
    })
    return child
  }

  function dispatch(): void {
    while (waiting.length > 0) {
      const slot = slots.find(candidate => !candidate.call)
      if (!slot) return
      const call = waiting.shift()!
      slot.call = call
      const limit = call.options.timeoutMs === undefined ? settings.timeoutMs : call.options.timeoutMs
      if (limit !== null)
        slot.timer = setTimeout(() => {
          discard(slot)
          settle(slot, late =>
            late.reject(
              new NeoGateError(
                'WORKER_FAILED',
                `'${late.method}' took longer than ${limit / 1000} s and was stopped.`,
                {
                  reason: 'time-limit'
                }
              )
            )
          )
        }, limit)
      try {
        childOf(slot).send({ type: 'call', id: call.id, method: call.method, payload: call.payload })
      } catch (error) {
        discard(slot)
        settle(slot, failed => failed.reject(error as Error))
      }
    }
  }

  function cancel(call: Call): void {
    const position = waiting.indexOf(call)
    if (position >= 0) {
      waiting.splice(position, 1)
      call.reject(new NeoGateError('CANCELLED', `'${call.method}' was cancelled.`))
      return
    }
    const slot = slots.find(candidate => candidate.call === call)
    slot?.child?.send({ type: 'cancel', id: call.id })
  }

  return {
    call<Result>(method: string, payload: unknown, options: CallOptions = {}): Promise<Result> {
      if (closed) return Promise.reject(new NeoGateError('CANCELLED', 'NeoGate is closing.'))
      if (options.signal?.aborted) {
        return Promise.reject(new NeoGateError('CANCELLED', `'${method}' was cancelled.`))
      }
      return new Promise<Result>((resolve, reject) => {
        const call: Call = {
          id: nextId++,
          method,
          payload,
          options,
          resolve: resolve as (value: unknown) => void,
          reject
        }
        const priority = options.priority ?? 0
        const position = waiting.findIndex(other => (other.options.priority ?? 0) < priority)
        waiting.splice(position < 0 ? waiting.length : position, 0, call)
        const onAbort = () => cancel(call)
        // Many calls may wait on one signal: a whole batch is cancelled together.
        if (options.signal) setMaxListeners(0, options.signal)
        options.signal?.addEventListener('abort', onAbort, { once: true })
        const forget = () => options.signal?.removeEventListener('abort', onAbort)
        const settled = { resolve: call.resolve, reject: call.reject }
        call.resolve = value => (forget(), settled.resolve(value))
        call.reject = error => (forget(), settled.reject(error))
        dispatch()
      })
    },
    close() {
      closed = true
      for (const call of waiting.splice(0)) call.reject(new NeoGateError('CANCELLED', 'NeoGate is closing.'))
      for (const slot of slots) {
        discard(slot)
        if (slot.timer) clearTimeout(slot.timer)
        slot.call?.reject(new NeoGateError('CANCELLED', 'NeoGate is closing.'))
        slot.call = null
      }
    }
  }
}
