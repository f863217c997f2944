import { describe, expect, it } from 'vitest'
import { NeoGateError } from '../errors'
import { createChildPool } from './child-pool'
import type { ChildHandle, FromChild, ToChild } from './protocol'

type Behaviour = (message: ToChild, reply: (message: FromChild) => void, exit: () => void) => void

/** Children that live in this process and do what the test says. */
function fakeSpawn(behaviour: Behaviour) {
  const children: { killed: boolean }[] = []
  const spawn = (): ChildHandle => {
    const state = { killed: false }
    children.push(state)
    let onMessage: (message: FromChild) => void = () => {}
    let onExit = () => {}
    return {
      send: message =>
        queueMicrotask(() =>
          behaviour(
            message,
            reply => onMessage(reply),
            () => onExit()
          )
        ),
      onMessage: listener => void (onMessage = listener),
      onExit: listener => void (onExit = listener),
      kill: () => void (state.killed = true)
    }
  }
  return { spawn, children }
}

const echo: Behaviour = (message, reply) => {
  if (message.type === 'call')
    setTimeout(() => reply({ type: 'result', id: message.id, value: message.payload }), 1)
}

function pool(behaviour: Behaviour, size = 2, timeoutMs = 1000) {
  const { spawn, children } = fakeSpawn(behaviour)
  return { children, pool: createChildPool({ spawn, role: 'film', size, timeoutMs }) }
}

describe('child pool', () => {
  it('answers every call with its own result, however many wait', async () => {
    const { pool: workers, children } = pool(echo)
    const numbers = Array.from({ length: 50 }, (_, i) => i)
    expect(await Promise.all(numbers.map(n => workers.call<number>('echo', n)))).toEqual(numbers)
    expect(children).toHaveLength(2)
  })

  it('serves calls of higher priority first', async () => {
    const order: unknown[] = []
    const { pool: workers } = pool((message, reply) => {
      if (message.type !== 'call') return
      order.push(message.payload)
      setTimeout(() => reply({ type: 'result', id: message.id, value: null }), 1)
    }, 1)
    await Promise.all([
      workers.call('work', 'first'),
      workers.call('work', 'bulk'),
      workers.call('work', 'reader', { priority: 1 })
    ])
    expect(order).toEqual(['first', 'reader', 'bulk'])
  })

  it('replaces a child that crashed and fails only its call', async () => {
    let crash = true
    const { pool: workers, children } = pool((message, reply, exit) => {
      if (crash) {
        crash = false
        exit()
      } else echo(message, reply, exit)
    }, 1)
    await expect(workers.call('work', 1)).rejects.toMatchObject({
      code: 'WORKER_FAILED',
      detail: { reason: 'crashed' }
    })
    expect(await workers.call('work', 2)).toBe(2)
    expect(children).toHaveLength(2)
  })

  it('kills a child that outlives its time limit', async () => {
    const { pool: workers, children } = pool(() => {}, 1, 20)
    await expect(workers.call('hang', 1)).rejects.toMatchObject({ detail: { reason: 'time-limit' } })
    expect(children[0]!.killed).toBe(true)
  })

  it('cancels a waiting call at once and tells the child about a running one', async () => {
    const cancelled: number[] = []
    const { pool: workers } = pool((message, reply) => {
      if (message.type === 'cancel') {
        cancelled.push(message.id)
        reply({ type: 'error', id: message.id, error: { code: 'CANCELLED', message: 'stopped', detail: {} } })
      }
    }, 1)
    const running = new AbortController()
    const waiting = new AbortController()
    const calls = Promise.allSettled([
      workers.call('long', 1, { signal: running.signal }),
      workers.call('long', 2, { signal: waiting.signal })
    ])
    waiting.abort()
    await new Promise(resolve => setTimeout(resolve, 5))
    running.abort()
    const outcomes = await calls
    expect(outcomes.map(o => (o.status === 'rejected' ? o.reason.code : 'resolved'))).toEqual([
      'CANCELLED',
      'CANCELLED'
    ])
    expect(cancelled).toHaveLength(1)
  })

  it('answers what a running call asks, errors included', async () => {
    const answers: unknown[] = []
    const { pool: workers } = pool((message, reply) => {
      if (message.type === 'call')
        reply({ type: 'ask', id: message.id, question: 7, payload: message.payload })
      if (message.type === 'answer') {
        answers.push({ question: message.question, ...message.answer })
        reply({ type: 'result', id: message.id, value: null })
      }
    }, 1)
    await workers.call('work', 20, { onAsk: async question => Number(question) + 1 })
    await workers.call('work', 20, {
      onAsk: async () => {
        throw new NeoGateError('NOT_FOUND', 'gone')
      }
    })
    await workers.call('work', 20)
    expect(answers).toMatchObject([
      { question: 7, value: 21 },
      { question: 7, error: { code: 'NOT_FOUND', message: 'gone' } },
      { question: 7, error: { code: 'INTERNAL' } }
    ])
  })

  it('passes on what the child emits and refuses calls after closing', async () => {
    const { pool: workers } = pool((message, reply) => {
      if (message.type !== 'call') return
      reply({ type: 'event', id: message.id, event: 'half' })
      reply({ type: 'result', id: message.id, value: 'whole' })
    })
    const events: unknown[] = []
    expect(await workers.call('work', null, { onEvent: event => events.push(event) })).toBe('whole')
    expect(events).toEqual(['half'])
    workers.close()
    await expect(workers.call('work', null)).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
