import type { RowReason } from '../row-reasons'

/** A value read from a cell: null where the cell says that it is not known, or the reason why it cannot be read. */
export type ParsedValue<T> = { value: T | null } | { reason: RowReason; detail: string }

export function isRefused<T>(parsed: ParsedValue<T>): parsed is { reason: RowReason; detail: string } {
  return 'reason' in parsed
}
