import { expect, it } from 'vitest'
import { modelDefinition, multiplyAdds } from '.'

/** Billions at 224 pixels as torchvision publishes them with its weights ("GFLOPS", which are multiply-adds). */
it.each([
  ['resnet50', 4.09],
  ['convnext-tiny', 4.46],
  ['swin-t', 4.49]
])('%s multiplies as often as published', (method, billions) => {
  const found = multiplyAdds(modelDefinition(method), 224) / 1e9
  expect(Math.abs(found - billions) / billions).toBeLessThan(0.02)
})

it('a control multiplies hardly at all', () => {
  expect(multiplyAdds(modelDefinition('context-mlp'), 512)).toBeLessThan(1e5)
})
