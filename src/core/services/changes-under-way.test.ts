import { expect, it } from 'vitest'
import type { ChangeUnderWay } from '../../contract'
import { createChangesUnderWay } from './changes-under-way'

/** A change that goes on when it is told to, under a clock that stands still. */
function setUp() {
  let clock = 0
  const changes = createChangesUnderWay(() => clock)
  let tell!: (done: number, total: number | null) => void
  let finish!: () => void
  const end = changes.run('undo', undefined, async ({ signal, progress }) => {
    tell = (done, total) => progress!({ done, total })
    await new Promise<void>((resolve, reject) => {
      finish = resolve
      signal!.addEventListener('abort', () => reject(new Error('ended')))
    })
    return 7
  })
  const watching = changes.watch()
  const seen = async () => (await watching.next()).value as ChangeUnderWay | null
  const at = (milliseconds: number) => (clock = milliseconds)
  return { changes, end, seen, tell, finish, at, watching }
}

it('tells how far a change is and how long it takes still', async () => {
  const { end, seen, tell, finish, at, watching } = setUp()
  expect(await seen()).toMatchObject({ way: 'undo', progress: { done: 0, total: null, secondsLeft: null } })
  at(200)
  tell(100, 1000)
  expect(await seen()).toMatchObject({ progress: { done: 100, total: 1000, secondsLeft: null } })
  at(1000)
  tell(250, 1000)
  tell(251, 1000)
  expect(await seen()).toMatchObject({ progress: { done: 250, perSecond: 250, secondsLeft: 3 } })
  finish()
  expect(await end).toBe(7)
  expect(await seen()).toBeNull()
  await watching.return(undefined)
})

it('ends a change by its number, and knows none that is over', async () => {
  const { changes, end, seen } = setUp()
  const { id } = (await seen())!
  changes.cancel(id)
  await expect(end).rejects.toThrow('ended')
  expect(() => changes.cancel(id)).toThrow('over already')
})

it('ends a change with the call that made it, and every watch when the project is closed', async () => {
  const changes = createChangesUnderWay()
  const caller = new AbortController()
  const end = changes.run(
    'change',
    caller.signal,
    ({ signal }) =>
      new Promise((_, reject) => signal!.addEventListener('abort', () => reject(new Error('ended'))))
  )
  const watching = changes.watch()
  await watching.next()
  const last = watching.next()
  changes.close()
  expect(await last).toMatchObject({ done: true })
  caller.abort()
  await expect(end).rejects.toThrow('ended')
})
