import { expect, it } from 'vitest'
import { OPS, type OpName } from '../graph'
import { runSample } from './allow-list.fixture'

it.each(Object.keys(OPS) as OpName[])('%s gives on WebGPU what the CPU gives, without its help', async op => {
  const expected = (await runSample(op, 'cpu')).y.data as Float32Array
  const found = (await runSample(op, 'webgpu')).y.data as Float32Array
  expect(found).toHaveLength(expected.length)
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4))
})
