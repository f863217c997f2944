import { basename } from 'node:path'
import { NeoGateError } from '../foundation'

/** Why a whole table cannot be read. */
export type TableRefusal =
  | 'table-too-large'
  | 'undecodable'
  | 'spreadsheet-file'
  | 'binary-file'
  | 'no-header'
  | 'no-rows'
  | 'json-unreadable'
  | 'json-not-a-table'
  | 'missing-column'

export function tableRefused(
  file: string,
  reason: TableRefusal,
  message: string,
  remedy: string,
  field?: string
): NeoGateError {
  return new NeoGateError('TABLE_REFUSED', `${basename(file)}: ${message}`, { file, field, remedy, reason })
}
