import { implement, ORPCError, ValidationError } from '@orpc/server'
import type { Router } from '@orpc/server'
import { contract, errorMap, terminalContract } from '../../contract'
import type { ErrorData } from '../../contract'
import { NeoGateError, toError, type Logger } from '../foundation'
import type { Guard } from './blinding'
import type { CallContext, Services } from './services'

type AnyHandler = (input: unknown, context: CallContext) => Promise<unknown>
type AnyMiddleware = (options: { path: readonly string[]; next(): Promise<unknown> }) => Promise<unknown>

/** One procedure of the contract, waiting for its handler; oRPC's own type needs the procedure known at compile time. */
interface Implementer {
  handler(handle: (options: { input: unknown; signal?: AbortSignal }) => Promise<unknown>): unknown
}

export type CoreRouter = Router<typeof contract, Record<never, never>>
export type TerminalRouter = Router<typeof terminalContract, Record<never, never>>

/** What a window or a browser may call: the contract without the terminal's file tools. */
export function createRouter(services: Services, logger: Logger, guard: Guard): CoreRouter {
  return implementAll(contract, services, logger, guard) as CoreRouter
}

/** What the terminal may call. */
export function createTerminalRouter(services: Services, logger: Logger, guard: Guard): TerminalRouter {
  return implementAll(terminalContract, services, logger, guard) as TerminalRouter
}

/**
 * Input and output are validated by the contract's schemas; every error that leaves belongs to its union. The guard leaves out of each
 * answer what is hidden from a blinded reader.
 */
function implementAll(
  source: typeof contract | typeof terminalContract,
  services: Services,
  logger: Logger,
  guard: Guard
): unknown {
  const translateErrors: AnyMiddleware = async ({ path, next }) => {
    try {
      return await next()
    } catch (thrown) {
      throw toContractError(thrown, path.join('.'), logger)
    }
  }
  const base = implement(source).use(translateErrors as never) as unknown as Record<
    string,
    Record<string, Implementer>
  >
  const areas = Object.entries(source).map(([area, procedures]) => [
    area,
    Object.fromEntries(
      Object.keys(procedures).map(name => {
        const handle = (services as unknown as Record<string, Record<string, AnyHandler>>)[area]![name]!
        const implemented = base[area]![name]!.handler(async ({ input, signal }) => {
          const output = await guard({ area, name }, input, () => handle(input, { signal }))
          return isAsyncIterable(output) ? translateEvents(output, `${area}.${name}`, logger) : output
        })
        return [name, implemented]
      })
    )
  ])
  return Object.fromEntries(areas)
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

async function* translateEvents(
  events: AsyncIterable<unknown>,
  path: string,
  logger: Logger
): AsyncGenerator<unknown> {
  try {
    yield* events
  } catch (thrown) {
    throw toContractError(thrown, path, logger)
  }
}

/**
 * Anything thrown -> an error of the contract's union. What the caller cannot have caused is logged by procedure name
 * and error type only: messages of unknown origin may hold patient data.
 */
function toContractError(
  thrown: unknown,
  procedure: string,
  logger: Logger
): ORPCError<keyof typeof errorMap, ErrorData> {
  if (thrown instanceof ORPCError && thrown.defined) return thrown
  const error = toError(thrown)
  if (error instanceof NeoGateError) {
    if (error.code === 'INTERNAL') logInternal(error, procedure, logger)
    return contractError(error.code, error.message, { ...error.detail })
  }
  if (error instanceof ORPCError && error.cause instanceof ValidationError) {
    const issue = error.cause.issues[0]
    const keys = issue?.path?.map(part => String(typeof part === 'object' ? part.key : part)) ?? []
    const field = keys.join('.') || undefined
    if (error.code === 'BAD_REQUEST') {
      const where = field ? `${procedure}: ${field}` : procedure
      return contractError('INVALID_INPUT', `${where}: ${issue?.message ?? 'not valid'}.`, { field })
    }
    logger.error('Output does not follow the contract', { procedure, field: field ?? '' })
    return contractError('INTERNAL', `${procedure} gave an answer that does not follow the contract.`, {
      field
    })
  }
  if (error.name === 'AbortError') return contractError('CANCELLED', `${procedure} was cancelled.`, {})
  logInternal(error, procedure, logger)
  return contractError('INTERNAL', `${procedure} failed unexpectedly: ${error.message}`, {})
}

function contractError(
  code: keyof typeof errorMap,
  message: string,
  data: ErrorData
): ORPCError<keyof typeof errorMap, ErrorData> {
  return new ORPCError(code, { defined: true, status: errorMap[code].status, message, data })
}

function logInternal(error: Error, procedure: string, logger: Logger): void {
  const frames = (error.stack ?? '').split('\n').filter(line => line.trimStart().startsWith('at '))
  logger.error('Unexpected error', {
    procedure,
    type: error.name,
    where: frames
      .slice(0, 3)
      .map(frame => frame.trim())
      .join(' < ')
  })
}
