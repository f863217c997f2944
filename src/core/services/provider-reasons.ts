import type { ProviderReason } from '../../contract'

/** Longer than this, a runtime's message is a stack of macros. */
const DETAIL_LENGTH = 400
/** onnxruntime has no codes for these; its words, as of 1.30. */
const KNOWN: readonly [RegExp, ProviderReason][] = [
  [/failed to load (?:shared )?library|cannot open shared object|LoadLibrary failed/i, 'libraries-missing'],
  [/no supported adapters|failed to get a webgpu adapter|no cuda-capable device|no such device/i, 'no-device']
]

/** What a provider's failure means, and the runtime's own words, of which some end in a byte that is no text. */
export function providerFailure({ message }: Error): { reason: ProviderReason; detail: string } {
  const reason = KNOWN.find(([words]) => words.test(message))?.[1] ?? 'failed'
  return {
    reason,
    detail: message
      .replace(/[\u0000-\u001f\u007f\ufffd]+/g, ' ')
      .trim()
      .slice(0, DETAIL_LENGTH)
  }
}
