import { ORPCError } from '@orpc/client'
import { ConnectionLostError } from './links'
import type { ErrorCode, ErrorData } from '../../contract'

/** A failed call in the shape that screens show: a code with a sentence in each language, and the particulars. */
export interface Problem {
  code: ErrorCode | 'CONNECTION_LOST'
  /** The core's own English sentence; shown below the translated one. */
  message: string
  data: ErrorData
}

/** Turns whatever a call threw into a Problem. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ORPCError) {
    return { code: error.code as ErrorCode, message: error.message, data: (error.data ?? {}) as ErrorData }
  }
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof ConnectionLostError) return { code: 'CONNECTION_LOST', message, data: {} }
  return { code: 'INTERNAL', message, data: {} }
}

/** True where the caller gave up on purpose; nothing to show then. */
export function isAborted(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
