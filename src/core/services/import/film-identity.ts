import { join } from 'node:path'
import type { StudyStore } from '../../study-store'

/** What the project already knows of a film with this content. */
export type Identity =
  { kind: 'unknown' } | { kind: 'here' } | { kind: 'moved'; from: string } | { kind: 'duplicate'; of: string }

/**
 * Tells whether a film is new, where it was, moved, or a second copy. A film is its content: an earlier place counts only if
 * it still holds that content.
 * @param root absolute study folder of this import
 * @param fingerprintOf of a file that is there, or null
 */
export function createFilmIdentity(
  root: string,
  studies: Pick<StudyStore, 'locations'>,
  fingerprintOf: (absolute: string) => Promise<string | null>
) {
  /** Film id to path below the root, of the films seen in this import. */
  const seen = new Map<string, string>()

  return {
    seen,

    async identify(
      films: readonly { id: string; path: string; absolute: string; fingerprint: string }[]
    ): Promise<Identity[]> {
      const known = await studies.locations(films.map(film => film.id))
      const identities: Identity[] = []
      for (const film of films) {
        const earlier = seen.get(film.id)
        if (earlier !== undefined && earlier !== film.path) {
          identities.push({ kind: 'duplicate', of: earlier })
          continue
        }
        const place = known.get(film.id)
        if (!place) identities.push({ kind: 'unknown' })
        else if (place.file === film.absolute) identities.push({ kind: 'here' })
        else if ((await fingerprintOf(place.file)) === film.fingerprint) {
          identities.push({
            kind: 'duplicate',
            of: place.root === root ? place.path : join(place.root, place.path)
          })
          continue
        } else
          identities.push({
            kind: 'moved',
            from: place.root === root ? place.path : join(place.root, place.path)
          })
        seen.set(film.id, film.path)
      }
      return identities
    }
  }
}
export type FilmIdentity = ReturnType<typeof createFilmIdentity>
