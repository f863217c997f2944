import { NeoGateError, toError } from '../errors'
import type { FromChild, ToChild } from './protocol'

export interface CallContext {
  /** Aborted when the caller cancels; long work checks it between steps. */
  signal: AbortSignal
  /** Sends an intermediate value to the caller's onEvent. */
  emit(event: unknown): void
}

/** Handlers take and return structured-cloneable values; the caller's side knows their types. */
export type ChildHandlers = Record<string, (payload: never, context: CallContext) => Promise<unknown>>

interface ParentPort {
  on(event: 'message', listener: (event: { data: ToChild }) => void): void
  postMessage(message: FromChild): void
}

/** The child's side: answers calls until the host goes away. Works under fork and under utilityProcess. */
export function serveChild(handlers: ChildHandlers): void {
  const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort
  const post = (message: FromChild) =>
    parentPort ? parentPort.postMessage(message) : process.send?.(message)
  const running = new Map<number, AbortController>()

  const onMessage = async (message: ToChild) => {
    if (message.type === 'cancel') {
      running.get(message.id)?.abort()
      return
    }
    const { id, method, payload } = message
    const controller = new AbortController()
    running.set(id, controller)
    try {
      const handler = handlers[method]
      if (!handler) throw new NeoGateError('INTERNAL', `The worker has no method ${method}.`)
      const value = await handler(payload as never, {
        signal: controller.signal,
        emit: event => post({ type: 'event', id, event })
      })
      post({ type: 'result', id, value })
    } catch (thrown) {
      const error = toError(thrown)
      post({
        type: 'error',
        id,
        error: {
          code: error instanceof NeoGateError ? error.code : 'INTERNAL',
          message: error.message,
          detail: error instanceof NeoGateError ? { ...error.detail } : {}
        }
      })
    } finally {
      running.delete(id)
    }
  }

  if (parentPort) parentPort.on('message', event => void onMessage(event.data))
  else {
    process.on('message', message => void onMessage(message as ToChild))
    process.on('disconnect', () => process.exit(0))
  }
  post({ type: 'ready' })
}
