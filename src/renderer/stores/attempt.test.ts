import { describe, expect, it } from 'vitest'
import { useAttempt } from './attempt'

const fail = async () => {
  throw new Error('no')
}
const come = async () => {}

describe('an attempt', () => {
  it('keeps what went wrong until something comes through', async () => {
    const { problem, attempt } = useAttempt()
    expect(await attempt(fail)).toBe(false)
    expect(problem.value?.message).toBe('no')
    expect(await attempt(come)).toBe(true)
    expect(problem.value).toBeNull()
  })

  it('does not hide that a part of it failed', async () => {
    const { problem, attempt } = useAttempt()
    expect(await attempt(async () => void (await attempt(fail)))).toBe(true)
    expect(problem.value?.message).toBe('no')
  })

  it('does not hide what failed beside it', async () => {
    const { problem, attempt } = useAttempt()
    let end!: () => void
    const slow = attempt(() => new Promise<void>(resolve => (end = resolve)))
    await attempt(fail)
    end()
    await slow
    expect(problem.value?.message).toBe('no')
  })

  it('takes no notice of what was given up on purpose', async () => {
    const { problem, attempt } = useAttempt()
    const stopped = AbortSignal.abort()
    expect(await attempt(async () => stopped.throwIfAborted())).toBe(false)
    expect(problem.value).toBeNull()
  })
})
