import type { CandidateFilm } from './candidates'

type Content = Pick<CandidateFilm, 'id' | 'patientId' | 'fingerprint' | 'pixels'>

/** What two films can share: the bytes that identify a file, or the decoded picture. */
export type SharedContent = 'fingerprint' | 'pixels'

/** Films of equal content, by kind, where there is more than one. */
export function equalFilms<Film extends Content>(
  films: readonly Film[]
): { kind: SharedContent; films: Film[] }[] {
  return (['fingerprint', 'pixels'] as const).flatMap(kind => {
    const groups = new Map<string, Film[]>()
    for (const film of films) {
      const content = film[kind]
      if (content === null) continue
      const group = groups.get(content)
      if (group) group.push(film)
      else groups.set(content, [film])
    }
    return [...groups.values()].filter(group => group.length > 1).map(group => ({ kind, films: group }))
  })
}

/**
 * Groups infants who share a film, directly or over others: the same picture under two names would be learnt on one side
 * and asked for on the other.
 * @returns for each infant the smallest id of its group
 */
export function linkInfants(films: readonly Content[]): Map<string, string> {
  const parent = new Map(films.map(({ patientId }) => [patientId, patientId]))
  function rootOf(id: string): string {
    let root = id
    while (parent.get(root) !== root) root = parent.get(root)!
    parent.set(id, root)
    return root
  }
  for (const { films: equal } of equalFilms(films)) {
    for (const film of equal.slice(1)) {
      const [a, b] = [rootOf(equal[0]!.patientId), rootOf(film.patientId)]
      if (a < b) parent.set(b, a)
      else parent.set(a, b)
    }
  }
  return new Map([...parent.keys()].map(id => [id, rootOf(id)]))
}
