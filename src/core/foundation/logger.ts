/**
 * Where the core writes what went on. Messages never carry patient data: no names, keys, dates of birth, file names or
 * table cells; counts, ids made by NeoGate and error codes only.
 */
export interface Logger {
  info(message: string, fields?: Record<string, string | number | boolean>): void
  warn(message: string, fields?: Record<string, string | number | boolean>): void
  error(message: string, fields?: Record<string, string | number | boolean>): void
}

export const silentLogger: Logger = { info() {}, warn() {}, error() {} }
