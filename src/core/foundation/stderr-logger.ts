import type { Logger } from './logger'

function write(level: string, message: string, fields: Record<string, string | number | boolean> = {}): void {
  const particulars = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  process.stderr.write(`[${level}] ${[message, ...particulars].join(' ')}\n`)
}

/** Warnings and errors to stderr, one line each. */
export const stderrLogger: Logger = {
  info() {},
  warn: (message, fields) => write('warn', message, fields),
  error: (message, fields) => write('error', message, fields)
}
