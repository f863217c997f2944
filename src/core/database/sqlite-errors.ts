import { NeoGateError, toError } from '../foundation'

/** Primary result codes of SQLite, https://sqlite.org/rescode.html */
const SQLITE_BUSY = 5
const SQLITE_READONLY = 8
const SQLITE_IOERR = 10
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_CANTOPEN = 14
const SQLITE_NOTADB = 26
/** Extended codes of SQLITE_IOERR that mean a quota was reached or the disk is full. */
const SQLITE_IOERR_WRITE = 778

/** The driver gives no code for what goes wrong while rows are read, only SQLite's own text for it. */
const CODE_OF_MESSAGE: Record<string, number> = {
  'database is locked': SQLITE_BUSY,
  'attempt to write a readonly database': SQLITE_READONLY,
  'disk I/O error': SQLITE_IOERR,
  'database disk image is malformed': SQLITE_CORRUPT,
  'database or disk is full': SQLITE_FULL,
  'unable to open database file': SQLITE_CANTOPEN,
  'file is not a database': SQLITE_NOTADB
}

/**
 * Maps what the database says to the error union.
 * @param file database file, named in the message
 */
export function fromSqliteError(thrown: unknown, file: string): Error {
  if (thrown instanceof NeoGateError) return thrown
  const error = toError(thrown) as Error & { errcode?: number }
  const code = error.errcode ?? CODE_OF_MESSAGE[error.message]
  if (code === undefined) return error
  const options = { cause: error }
  switch (code & 0xff) {
    case SQLITE_FULL:
      return diskFull(file, options)
    case SQLITE_BUSY:
      return new NeoGateError(
        'PROJECT_LOCKED',
        `Another program has the project's database open: ${file}.`,
        { file, remedy: 'Close the project there, then open it here.' },
        options
      )
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new NeoGateError(
        'PROJECT_DAMAGED',
        `The project's database is damaged: ${file} (${error.message}).`,
        { file, remedy: 'Restore this file from a backup; the images themselves are untouched.' },
        options
      )
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return new NeoGateError(
        'FILE_REFUSED',
        `The project's database cannot be opened for writing: ${file}.`,
        { file, reason: 'unreadable', remedy: 'Check the permissions of the project folder.' },
        options
      )
    case SQLITE_IOERR:
      if (code === SQLITE_IOERR_WRITE) return diskFull(file, options)
      return new NeoGateError(
        'INTERNAL',
        `The disk failed while the project's database was used: ${file} (${error.message}).`,
        { file, remedy: 'Check the disk or network share, then open the project again.' },
        options
      )
    default:
      return error
  }
}

function diskFull(file: string, options: { cause: unknown }): NeoGateError {
  return new NeoGateError(
    'DISK_FULL',
    `The disk is full: the last change was not saved in ${file}.`,
    { file, remedy: 'Free some space, then repeat the last change; everything saved before is safe.' },
    options
  )
}
