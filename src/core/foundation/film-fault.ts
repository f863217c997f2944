import { NeoGateError } from './errors'

const FILM_FAULTS: readonly string[] = ['FILE_REFUSED', 'NOT_FOUND', 'WORKER_FAILED']

/** True where a film is at fault (gone, damaged, killed its decoder), so that the other films can go on. */
export function isFilmFault(thrown: unknown): thrown is NeoGateError {
  return thrown instanceof NeoGateError && FILM_FAULTS.includes(thrown.code)
}
