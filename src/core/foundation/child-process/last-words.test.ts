import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { lastWordsOf } from './last-words'

it('keeps the end of what was printed, of both streams', () => {
  const out = new PassThrough()
  const error = new PassThrough()
  const words = lastWordsOf(out, error, null)
  out.write('x'.repeat(5000))
  error.write('Segmentation fault\n')
  expect(words()).toHaveLength(4000)
  expect(words()).toMatch(/xSegmentation fault\n$/)
})
