import { describe, expect, it } from 'vitest'
import { encodeNpy } from './npy'

/**
 * What NumPy 2.4.6 writes: `np.save(f, np.array([[1, 2, 3], [4, 5, 65535]], '<u2'))` and
 * `np.save(f, np.array([0.5], '<f4'))`, in base64.
 */
const UINT16 =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPHUyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAIAAwAEAAUA//8='
const FLOAT =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAA/'

describe('npy', () => {
  it('is byte for byte what NumPy writes', () => {
    const values = new Uint16Array([1, 2, 3, 4, 5, 65535])
    const matrix = encodeNpy({ shape: [2, 3], dtype: '<u2', data: new Uint8Array(values.buffer) })
    expect(Buffer.from(matrix).toString('base64')).toBe(UINT16)
    const half = new Float32Array([0.5])
    const vector = encodeNpy({ shape: [1], dtype: '<f4', data: new Uint8Array(half.buffer) })
    expect(Buffer.from(vector).toString('base64')).toBe(FLOAT)
  })
})
