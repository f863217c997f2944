import { describe, expect, it } from 'vitest'
import { createGraphBuilder, float32, toOnnx } from '../graph'
import { createSession, selfTest } from '.'

function doubling() {
  const g = createGraphBuilder('doubling')
  const x = g.input('x', 'float32', [2])
  return toOnnx(g.build({ y: g.node('Add', [x, x]) }))
}

describe('session', () => {
  it('runs a graph and gives back typed tensors', async () => {
    const session = await createSession(doubling(), 'cpu')
    const { y } = await session.run({ x: float32([2], [1, -2]) })
    expect(y).toEqual(float32([2], [2, -4]))
    await session.close()
  })

  it('says what was wrong with the input', async () => {
    const session = await createSession(doubling(), 'cpu')
    await expect(session.run({ x: float32([3], [1, 2, 3]) })).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('cpu: ') as string
    })
    await session.close()
  })

  it('says which provider is not available', async () => {
    const absent = process.platform === 'win32' ? 'coreml' : 'dml'
    await expect(createSession(doubling(), absent)).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      detail: { field: 'provider', reason: absent }
    })
  })

  it('measures the reference against itself without error', async () => {
    const probe = { model: doubling(), feeds: { x: float32([2], [1, 2]) }, output: 'y' }
    const result = await selfTest('cpu', probe, probe)
    expect(result).toMatchObject({ passed: true, maxError: 0 })
    expect(result.runsPerSecond).toBeGreaterThan(0)
  })
})
