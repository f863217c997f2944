import { describe, expect, it } from 'vitest'
import { OPS, type OpName } from '../graph'
import { runSample } from './allow-list.fixture'

describe('every operator on the list', () => {
  it.each(Object.keys(OPS) as OpName[])('%s loads, and gives the type that was inferred', async op => {
    const { inferred, y } = await runSample(op, 'cpu')
    expect(y.shape).toEqual(inferred.shape)
    expect(y.dtype).toBe(inferred.dtype)
    expect(Array.from(y.data as Float32Array).every(Number.isFinite)).toBe(true)
  })
})
