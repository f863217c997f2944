import { defineStore } from 'pinia'
import { fetchFilmPixels, isAborted, toProblem } from '../api-client'
import type { Problem } from '../api-client'

/** Pixels of films at full bit depth, straight from the core; the reading room keeps those it needs. */
export const useFilmPixels = defineStore('film-pixels', () => {
  /** What to show of a failed fetch; null where it was given up on purpose. */
  function problemOf(error: unknown): Problem | null {
    return isAborted(error) ? null : toProblem(error)
  }

  return { fetch: fetchFilmPixels, problemOf }
})
