import { describe, expect, it } from 'vitest'
import { createStopWatch } from './stop-watch'

describe('the time a film was looked at', () => {
  it('is nothing known where nobody looked', () => {
    expect(createStopWatch(() => 0).seconds()).toBeNull()
  })

  it('leaves out what lies between looking away and back', () => {
    let now = 0
    const watch = createStopWatch(() => now)
    watch.run(true)
    now = 4000
    watch.run(false)
    now = 60_000
    watch.run(false)
    expect(watch.seconds()).toBe(4)
    watch.run(true)
    now = 61_500
    watch.run(true)
    expect(watch.seconds()).toBe(5.5)
  })

  it('begins again for the next film, also while it runs', () => {
    let now = 0
    const watch = createStopWatch(() => now)
    watch.run(true)
    now = 9000
    watch.reset()
    expect(watch.seconds()).toBe(0)
    now = 10_000
    expect(watch.seconds()).toBe(1)
    watch.run(false)
    watch.reset()
    expect(watch.seconds()).toBeNull()
  })
})
