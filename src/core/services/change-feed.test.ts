import { expect, it } from 'vitest'
import { createChangeFeed } from './change-feed'

it('tells every subscriber of changes from its subscription on, and ends when closed', async () => {
  const feed = createChangeFeed()
  feed.publish(['jobs'])
  const one = feed.subscribe()
  const other = feed.subscribe()
  const waiting = one.next()
  feed.publish(['labels'], ['a'])
  const change = { version: 2, areas: ['labels'], filmIds: ['a'] }
  expect((await waiting).value).toEqual(change)
  expect((await other.next()).value).toEqual(change)
  const last = one.next()
  feed.close()
  expect((await last).done).toBe(true)
  expect((await other.next()).done).toBe(true)
})

it('merges what a slow subscriber has not taken', async () => {
  const feed = createChangeFeed()
  const slow = feed.subscribe()
  feed.publish(['labels'], ['a'])
  feed.publish(['films', 'labels'], ['a', 'b'])
  expect((await slow.next()).value).toEqual({ version: 2, areas: ['labels', 'films'], filmIds: ['a', 'b'] })
  feed.publish(['labels'], ['a'])
  feed.publish(['predictions'])
  expect((await slow.next()).value).toEqual({ version: 4, areas: ['labels', 'predictions'], filmIds: null })
})

it('ends a subscription that is aborted while it waits', async () => {
  const feed = createChangeFeed()
  const controller = new AbortController()
  const subscription = feed.subscribe(controller.signal)
  const waiting = subscription.next()
  controller.abort()
  expect((await waiting).done).toBe(true)
  feed.publish(['jobs'])
})

it('counts the changes that concern who asks, and without being told which, all but the progress of jobs', () => {
  const feed = createChangeFeed()
  feed.publish(['jobs'])
  feed.publish(['labels', 'films'], ['a'])
  feed.publish(['labels', 'films'], ['b'])
  feed.publish(['films'])
  expect(feed.version()).toBe(3)
  expect(feed.version(areas => areas.includes('labels'))).toBe(2)
  expect(feed.version(areas => areas.every(area => area === 'films'))).toBe(1)
  feed.publish(['labels', 'films'])
  expect(feed.version(areas => areas.every(area => area === 'films'))).toBe(1)
})
