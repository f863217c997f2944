/**
 * The one error type that leaves the core. `code` is a member of the union in `contract/errors.ts`;
 * `message` is plain English and names the file, the field and the remedy; it never holds patient data
 * beyond what the caller passed in.
 */
export type ErrorCode =
  | 'INVALID_INPUT'
  | 'NOT_FOUND'
  | 'NO_PROJECT'
  | 'PROJECT_EXISTS'
  | 'PROJECT_LOCKED'
  | 'PROJECT_NEWER'
  | 'PROJECT_DAMAGED'
  | 'FILE_REFUSED'
  | 'TABLE_REFUSED'
  | 'WEIGHTS_REFUSED'
  | 'MODEL_REFUSED'
  | 'PROVIDER_UNAVAILABLE'
  | 'CONFLICT'
  | 'BLINDED'
  | 'DISK_FULL'
  | 'CANCELLED'
  | 'WORKER_FAILED'
  | 'INTERNAL'

export interface ErrorDetail {
  /** Path or name of the file at fault, if one is. */
  file?: string
  /** Field, column or option at fault, if one is. */
  field?: string
  /** What the user can do about it, in one sentence. */
  remedy?: string
  /** Machine-readable cause inside the code, e.g. a refusal reason ('truncated'). */
  reason?: string
}

export class NeoGateError extends Error {
  override readonly name = 'NeoGateError'
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly detail: ErrorDetail = {},
    options?: { cause?: unknown }
  ) {
    super(message, options)
  }
}

/** Libraries throw strings, numbers and bare objects; this always returns an Error. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  if (typeof thrown === 'object' && thrown !== null) {
    const fields = thrown as { message?: unknown; exception?: unknown; error?: unknown }
    return new Error(String(fields.message ?? fields.exception ?? fields.error ?? JSON.stringify(thrown)))
  }
  return new Error(String(thrown))
}

/** Maps what the operating system says (ENOSPC, EACCES, ENOENT) to a NeoGateError naming the file. */
export function fromSystemError(thrown: unknown, file: string): NeoGateError {
  if (thrown instanceof NeoGateError) return thrown
  const error = toError(thrown) as NodeJS.ErrnoException
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new NeoGateError(
        'DISK_FULL',
        `The disk is full: could not write ${file}.`,
        { file, remedy: 'Free some space, then continue; nothing already saved was lost.' },
        { cause: error }
      )
    case 'EACCES':
    case 'EPERM':
      return new NeoGateError(
        'FILE_REFUSED',
        `No permission for ${file}.`,
        { file, reason: 'unreadable', remedy: 'Ask for read access to the file or folder, then try again.' },
        { cause: error }
      )
    case 'ENOENT':
      return new NeoGateError(
        'NOT_FOUND',
        `No such file or folder: ${file}.`,
        { file, remedy: 'Check the path; a disk or share may be disconnected.' },
        { cause: error }
      )
    default:
      return new NeoGateError('INTERNAL', `${error.message} (${file})`, { file }, { cause: error })
  }
}
