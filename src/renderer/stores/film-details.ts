import { api } from '../api-client'
import type { FilmDetail } from '../../contract'

/** Details kept of films left or coming up. */
const KEPT = 24

/** Details of films as the core last told them. @param onKept called with each that is new */
export function createFilmDetails(onKept: (film: FilmDetail) => void) {
  const known = new Map<string, FilmDetail>()

  function keep(film: FilmDetail): void {
    known.delete(film.row.id)
    known.set(film.row.id, film)
    for (const id of known.keys()) {
      if (known.size <= KEPT) break
      known.delete(id)
    }
    onKept(film)
  }

  async function fetch(id: string): Promise<FilmDetail> {
    const film = await api.films.get({ id })
    keep(film)
    return film
  }

  return {
    keep,
    fetch,
    get: (id: string) => known.get(id),
    /** What is kept, or else fetched. */
    find: async (id: string) => known.get(id) ?? fetch(id),
    all: () => [...known.values()],
    forget: (id: string) => void known.delete(id),
    clear: () => known.clear()
  }
}

export type FilmDetails = ReturnType<typeof createFilmDetails>
