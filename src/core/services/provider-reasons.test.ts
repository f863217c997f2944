import { describe, expect, it } from 'vitest'
import { providerFailure } from './provider-reasons'

describe('failure of a provider', () => {
  it.each([
    [
      'webgpu: /onnxruntime_src/webgpu_context.cc:136 Failed to get a WebGPU adapter: No supported adapters\ufffd',
      'no-device'
    ],
    [
      'cuda: OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
      'libraries-missing'
    ],
    ['The model worker stopped.', 'failed']
  ])('is named from the words of the runtime', (message, reason) => {
    expect(providerFailure(new Error(message)).reason).toBe(reason)
  })

  it('keeps the words without what is no text', () => {
    expect(providerFailure(new Error('No supported adapters\ufffd\n')).detail).toBe('No supported adapters')
  })
})
