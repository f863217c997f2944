import { listSupportedBackends } from 'onnxruntime-node'

/** Execution providers that NeoGate knows, the reference first. */
export const PROVIDERS = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const
export type Provider = (typeof PROVIDERS)[number]

/** Why a provider is not in this build of onnxruntime. */
export type Absence = 'not-in-build' | 'windows-only' | 'macos-only'

function absenceOf(provider: Provider): Absence {
  if (provider === 'dml' && process.platform !== 'win32') return 'windows-only'
  if (provider === 'coreml' && process.platform !== 'darwin') return 'macos-only'
  return 'not-in-build'
}

/** Whether onnxruntime's build for this machine contains the provider; whether it works, only a self-test can say. */
export function providerPresence(provider: Provider): { present: boolean; absence: Absence | null } {
  const backend = listSupportedBackends().find(({ name }) => name === provider)
  // CUDA is listed on every Linux, but its libraries are only there when they were installed.
  const present = backend !== undefined && (backend.bundled || provider === 'cuda')
  return { present, absence: present ? null : absenceOf(provider) }
}
