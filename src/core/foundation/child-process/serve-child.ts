import { NeoGateError } from '../errors'
import type { FromChild, ToChild } from './protocol'
import { fromWire, toWire } from './wire-error'

export interface CallContext {
  /** Aborted when the caller cancels; long work checks it between steps. */
  signal: AbortSignal
  /** Sends an intermediate value to the caller's onEvent. */
  emit(event: unknown): void
  /** Puts a question to the caller's onAsk and gives its answer. @throws NeoGateError as thrown there */
  ask<Answer>(payload: unknown): Promise<Answer>
}

interface OpenQuestion {
  resolve(value: unknown): void
  reject(error: Error): void
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
  const questions = new Map<number, OpenQuestion>()
  let nextQuestion = 1

  function ask(id: number, payload: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const question = nextQuestion++
      questions.set(question, { resolve, reject })
      post({ type: 'ask', id, question, payload })
    })
  }

  const onMessage = async (message: ToChild) => {
    if (message.type === 'cancel') {
      running.get(message.id)?.abort()
      return
    }
    if (message.type === 'answer') {
      const { question, answer } = message
      const open = questions.get(question)
      questions.delete(question)
      if ('value' in answer) open?.resolve(answer.value)
      else open?.reject(fromWire(answer.error))
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
        emit: event => post({ type: 'event', id, event }),
        ask: <Answer>(question: unknown) => ask(id, question) as Promise<Answer>
      })
      post({ type: 'result', id, value })
    } catch (thrown) {
      post({ type: 'error', id, error: toWire(thrown) })
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
