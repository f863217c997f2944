import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Debian's Chromium brings SwiftShader, a Vulkan driver that needs no graphics card, beside its binary. */
const DRIVER = 'vk_swiftshader_icd.json'

/**
 * The environment in which onnxruntime's WebGPU provider finds an adapter: that of NEOGATE_TEST_WEBGPU=1 as it is, which says
 * that this machine has one, else SwiftShader.
 * @param {{ NEOGATE_TEST_CHROMIUM: string }} browsers
 * @returns {Record<string, string> | null} null where there is none
 */
export function softwareAdapter({ NEOGATE_TEST_CHROMIUM: chromium }) {
  if (process.env.NEOGATE_TEST_WEBGPU === '1') return {}
  const folders = [dirname(realpathSync(chromium)), '/usr/lib/chromium']
  const driver = folders.map(folder => join(folder, DRIVER)).find(file => existsSync(file))
  return driver ? { VK_ICD_FILENAMES: driver } : null
}
