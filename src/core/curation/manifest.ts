import { createHash } from 'node:crypto'
import type { Proportions, Side } from './sides'

/** Everything that a split says; the same content has the same hash on every machine. */
export interface Manifest {
  proportions: Proportions
  seed: number
  /** Hash of the split that this one extends, or null. */
  parentHash: string | null
  /** By id. Infants of an extended split stay here with their side, also without any film left. */
  patients: { id: string; side: Side }[]
  /** By id. A film is on its infant's side; the label is the one it had when the split was made. */
  films: { id: string; patientId: string; label: string }[]
}

const FORMAT = 'neogate-split/1'

/**
 * SHA-256, hexadecimal, over the UTF-8 bytes of these lines, each a JSON array without white space, ended by a line feed:
 * [format, proportions, seed, parent's hash], one ["infant", id, side] for each infant by id, one
 * ["film", id, infant's id, label, side] for each film by id; ids in ascending order of their ASCII codes. Name, reader and
 * time of a split are no part of it.
 */
export function manifestHash(manifest: Manifest): string {
  const { proportions, seed, parentHash, patients, films } = manifest
  const hash = createHash('sha256')
  const line = (fields: unknown[]) => hash.update(`${JSON.stringify(fields)}\n`, 'utf8')
  const sides = sidesOf(manifest)
  line([FORMAT, proportions, seed, parentHash])
  for (const { id, side } of [...patients].sort(byId)) line(['infant', id, side])
  for (const { id, patientId, label } of [...films].sort(byId)) {
    line(['film', id, patientId, label, sides.get(patientId) ?? null])
  }
  return hash.digest('hex')
}

/** Side of each infant by id. */
export function sidesOf(manifest: Pick<Manifest, 'patients'>): Map<string, Side> {
  return new Map(manifest.patients.map(({ id, side }) => [id, side]))
}

export function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
