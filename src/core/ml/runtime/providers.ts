import { listSupportedBackends } from 'onnxruntime-node'

/** Execution providers that NeoGate knows, the reference first. */
export const PROVIDERS = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const
export type Provider = (typeof PROVIDERS)[number]

const MISSING: Readonly<Record<Provider, string>> = {
  cpu: 'The CPU provider is missing from this build of onnxruntime.',
  webgpu: 'This build of onnxruntime has no WebGPU provider.',
  cuda: 'CUDA libraries are fetched separately: run `node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=true`.',
  dml: 'DirectML exists on Windows only.',
  coreml: 'Core ML exists on macOS only.'
}

/** Whether onnxruntime's build for this machine contains the provider; whether it works, only a self-test can say. */
export function providerPresence(provider: Provider): { present: boolean; reason: string | null } {
  const backend = listSupportedBackends().find(({ name }) => name === provider)
  // CUDA is listed on every Linux, but its libraries are only there when they were installed.
  const present = backend !== undefined && (backend.bundled || provider === 'cuda')
  return { present, reason: present ? null : MISSING[provider] }
}
