import type { FilmPixels } from '../../contract'
import type { Film } from './renderer'
import { valueRange } from './windows'

/** Fetches one film's pixels; rejects with an AbortError once `signal` is aborted. */
export type LoadPixels = (id: string, signal: AbortSignal) => Promise<FilmPixels>

interface Entry {
  film: Promise<Film>
  controller: AbortController
  /** The film once it has arrived. */
  ready: Film | null
}

/**
 * Films in memory, so that the next one is on screen at once. Keeps at most `capacity` bytes, dropping the least recently
 * used; the film asked for last is kept whatever its size.
 */
export class FilmCache {
  readonly #entries = new Map<string, Entry>()
  readonly #load: LoadPixels
  readonly #capacity: number
  #onReady: ((film: Film) => void) | null = null

  constructor(load: LoadPixels, capacity = 512 * 1024 * 1024) {
    this.#load = load
    this.#capacity = capacity
  }

  /** The film, from memory or fetched now. A failed film is forgotten, so that asking again tries again. */
  get(id: string): Promise<Film> {
    const known = this.#entries.get(id)
    if (known) {
      this.#entries.delete(id)
      this.#entries.set(id, known)
      return known.film
    }
    const controller = new AbortController()
    const entry: Entry = { controller, ready: null, film: this.#fetch(id, controller.signal) }
    this.#entries.set(id, entry)
    entry.film.then(
      film => {
        entry.ready = film
        this.#trim()
      },
      () => {
        if (this.#entries.get(id) === entry) this.#entries.delete(id)
      }
    )
    return entry.film
  }

  async #fetch(id: string, signal: AbortSignal): Promise<Film> {
    const { header, values } = await this.#load(id, signal)
    return { id, header, values, range: valueRange(values) }
  }

  /** The film where it is in memory, at once. */
  peek(id: string): Film | null {
    return this.#entries.get(id)?.ready ?? null
  }

  /**
   * Fetches films ahead, one after another, nearest first; what was being fetched and is wanted no more is given up.
   * @param onReady called for each as it arrives, in order; not for a list that a later call has replaced
   */
  async prefetch(current: string, ids: readonly string[], onReady: (film: Film) => void): Promise<void> {
    this.#onReady = onReady
    const wanted = new Set([current, ...ids])
    for (const [id, entry] of this.#entries) {
      if (entry.ready || wanted.has(id)) continue
      entry.controller.abort()
      this.#entries.delete(id)
    }
    for (const id of [current, ...ids]) {
      const film = await this.get(id).catch(() => null)
      if (this.#onReady !== onReady) return
      if (film && id !== current) onReady(film)
    }
    if (this.#entries.has(current)) void this.get(current)
  }

  /** Drops one film: its file has changed. */
  forget(id: string): void {
    this.#entries.get(id)?.controller.abort()
    this.#entries.delete(id)
  }

  clear(): void {
    this.#onReady = null
    for (const entry of this.#entries.values()) entry.controller.abort()
    this.#entries.clear()
  }

  #trim(): void {
    let bytes = 0
    for (const [id, entry] of [...this.#entries].reverse()) {
      const first = bytes === 0
      bytes += entry.ready?.values.byteLength ?? 0
      if (!first && entry.ready && bytes > this.#capacity) this.#entries.delete(id)
    }
  }
}
