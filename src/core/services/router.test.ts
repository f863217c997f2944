import { createRouterClient } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import { NeoGateError, type Logger } from '../foundation'
import { createRouter } from './router'
import type { Services } from './services'

function recordingLogger() {
  const lines: string[] = []
  const write = (message: string, fields?: object) => void lines.push(`${message} ${JSON.stringify(fields)}`)
  const logger: Logger = { info: write, warn: write, error: write }
  return { logger, lines }
}

/** A router whose one interesting procedure does what the test says. */
function routerOf(services: object) {
  const { logger, lines } = recordingLogger()
  const anything: unknown = new Proxy({}, { get: () => async () => null })
  const whole = new Proxy(services, {
    get: (target, area) => Reflect.get(target, area) ?? anything
  }) as Services
  return {
    client: createRouterClient(
      createRouter(whole, logger, (_path, _input, answer) => answer()),
      { context: {} }
    ),
    lines
  }
}

const failing = (error: unknown) => ({
  project: {
    current: async () => {
      throw error
    }
  }
})

describe('router', () => {
  it('passes a NeoGateError on with its code and particulars', async () => {
    const error = new NeoGateError('DISK_FULL', 'The disk is full.', {
      file: '/a',
      remedy: 'Free some space.'
    })
    const { client, lines } = routerOf(failing(error))
    await expect(client.project.current()).rejects.toMatchObject({
      code: 'DISK_FULL',
      defined: true,
      status: 507,
      message: 'The disk is full.',
      data: { file: '/a', remedy: 'Free some space.' }
    })
    expect(lines).toEqual([])
  })

  it.each([['a string'], [{ exception: 'deep inside' }], [42], [new TypeError('Kim Minji 2023')]])(
    'turns %j, thrown by whatever library, into INTERNAL and logs no message of unknown origin',
    async thrown => {
      const { client, lines } = routerOf(failing(thrown))
      await expect(client.project.current()).rejects.toMatchObject({ code: 'INTERNAL', defined: true })
      expect(lines).toHaveLength(1)
      expect(lines[0]).toContain('"procedure":"project.current"')
      expect(lines[0]).not.toMatch(/Kim|deep inside/)
    }
  )

  it('refuses an answer that does not follow the contract, logging the field but not its value', async () => {
    const current = async () => ({ folder: '/p', name: 42, secret: 'Kim' })
    const { client, lines } = routerOf({ project: { current } })
    await expect(client.project.current()).rejects.toMatchObject({
      code: 'INTERNAL',
      data: { field: 'name' }
    })
    expect(lines.join()).not.toContain('Kim')
  })

  it('names the field of an input that does not follow the contract, and does not call the service', async () => {
    let called = false
    const open = async () => {
      called = true
    }
    const { client } = routerOf({ project: { open } })
    await expect(client.project.open({ folder: '' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      data: { field: 'folder' }
    })
    expect(called).toBe(false)
  })

  it('translates an error in the middle of a stream', async () => {
    const changes = async () =>
      (async function* () {
        yield { version: 1, areas: ['films'], filmIds: null }
        throw new NeoGateError('PROJECT_DAMAGED', 'The database was removed.')
      })()
    const { client } = routerOf({ project: { changes } })
    const stream = await client.project.changes()
    expect((await stream.next()).value).toMatchObject({ version: 1 })
    await expect(stream.next()).rejects.toMatchObject({ code: 'PROJECT_DAMAGED', defined: true })
  })

  it('hands the caller’s signal to the service', async () => {
    const current = (_: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise((_resolve, reject) => {
        const stop = () => reject(new NeoGateError('CANCELLED', 'Stopped.'))
        signal.addEventListener('abort', stop)
      })
    const { client } = routerOf({ project: { current } })
    const controller = new AbortController()
    const call = client.project.current(undefined, { signal: controller.signal })
    setTimeout(() => controller.abort(), 5)
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
