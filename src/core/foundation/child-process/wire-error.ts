import { NeoGateError, toError, type ErrorCode, type ErrorDetail } from '../errors'
import type { WireError } from './protocol'

export function toWire(thrown: unknown): WireError {
  const error = toError(thrown)
  return {
    code: error instanceof NeoGateError ? error.code : 'INTERNAL',
    message: error.message,
    detail: error instanceof NeoGateError ? { ...error.detail } : {}
  }
}

export function fromWire({ code, message, detail }: WireError): NeoGateError {
  return new NeoGateError(code as ErrorCode, message, detail as ErrorDetail)
}
