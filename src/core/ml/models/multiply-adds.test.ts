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

it('counts what lies behind an entry alone', () => {
  // Gate 2-32-2048 and classifier 2048-6.
  expect(multiplyAdds(modelDefinition('ccgn'), 224, 'pooled')).toBe(2 * 32 + 32 * 2048 + 2048 * 6)
  // layer4 of torchvision's ResNet50 on maps of 14 x 14: its first block, with the shortcut, and two more.
  const first = 196 * 1024 * 512 + 49 * 9 * 512 * 512 + 49 * 512 * 2048 + 49 * 1024 * 2048
  const more = 49 * 2048 * 512 + 49 * 9 * 512 * 512 + 49 * 512 * 2048
  expect(multiplyAdds(modelDefinition('resnet50'), 224, 'trunk')).toBe(first + 2 * more + 2048 * 6)
})
