import { DIAGNOSES } from '../domain'
import { sidesOf, type Manifest } from './manifest'
import { SIDES, type Side } from './sides'

export type SideCounts = Record<Side, number>

export interface ClassSiteTable {
  /** Films of every class at every site, in class order, then by site; also classes without films. */
  rows: ({ label: string; site: string } & SideCounts)[]
  films: SideCounts
  /** Infants with at least one film in the manifest. */
  infants: SideCounts
}

const none = (): SideCounts => ({ train: 0, validation: 0, test: 0 })

/** @param siteOf site of each infant by id */
export function tabulate(manifest: Manifest, siteOf: ReadonlyMap<string, string>): ClassSiteTable {
  const sides = sidesOf(manifest)
  const sites = [...new Set(manifest.films.map(film => siteOf.get(film.patientId) ?? ''))].sort()
  const cells = new Map<string, SideCounts>()
  for (const label of DIAGNOSES) for (const site of sites) cells.set(JSON.stringify([label, site]), none())
  const films = none()
  const seen = new Set<string>()
  const infants = none()
  for (const { patientId, label } of manifest.films) {
    const side = sides.get(patientId)
    if (side === undefined) continue
    const key = JSON.stringify([label, siteOf.get(patientId) ?? ''])
    const cell = cells.get(key) ?? none()
    cells.set(key, cell)
    cell[side]++
    films[side]++
    if (!seen.has(patientId)) infants[side]++
    seen.add(patientId)
  }
  const rows = [...cells].map(([key, counts]) => {
    const [label, site] = JSON.parse(key) as [string, string]
    return { label, site, ...counts }
  })
  return { rows, films, infants }
}

/** Films of one class per side, over all sites. */
export function classCounts(table: ClassSiteTable, label: string): SideCounts {
  const counts = none()
  for (const row of table.rows) if (row.label === label) for (const side of SIDES) counts[side] += row[side]
  return counts
}
