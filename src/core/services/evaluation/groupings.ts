import { GROUPINGS, type Grouping } from '../../../contract'
import { AGE_BANDS, ageBand, BW_BANDS, bwBand, DIAGNOSES, GA_BANDS, gaBand } from '../../domain'
import type { Grouping as FilmGrouping } from '../../ml/evaluation'
import type { FilmRow } from '../../study-store'
import { classIndex } from './evaluated-films'

/** A subgroup of the set: its name, and who is in it. */
export interface Subgroup {
  grouping: Grouping
  value: string
  films: number
  infants: number
  support: number[]
}

const VALUE_OF: Record<Grouping, (row: FilmRow) => string> = {
  site: row => row.site,
  gaBand: row => gaBand(row.gaDays),
  bwBand: row => bwBand(row.bwGrams),
  ageBand: row => ageBand(row.ageHours),
  sex: row => row.sex ?? 'unknown',
  viewPosition: row => row.viewPosition ?? 'unknown'
}

const ORDER: Partial<Record<Grouping, readonly string[]>> = {
  gaBand: GA_BANDS,
  bwBand: BW_BANDS,
  ageBand: AGE_BANDS,
  sex: ['F', 'M']
}

/** Every division of the films, bands in their own order, other values by the alphabet, unknown ones last. */
export function groupFilms(rows: readonly FilmRow[]): { groupings: FilmGrouping[]; subgroups: Subgroup[] } {
  const divisions = GROUPINGS.map(grouping => {
    const values = rows.map(VALUE_OF[grouping])
    const found = [...new Set(values)].sort(byOrder(ORDER[grouping] ?? []))
    const place = new Map(found.map((value, i) => [value, i]))
    const groupOf = Uint16Array.from(values, value => place.get(value)!)
    const subgroups = found.map((value, group): Subgroup => {
      const members = rows.filter((_, film) => groupOf[film] === group)
      const support = DIAGNOSES.map(() => 0)
      for (const { label } of members) support[classIndex(label!)]!++
      const infants = new Set(members.map(({ patientId }) => patientId)).size
      return { grouping, value, films: members.length, infants, support }
    })
    return { groups: found.length, groupOf, subgroups }
  })
  return {
    groupings: divisions.map(({ groups, groupOf }) => ({ groups, groupOf })),
    subgroups: divisions.flatMap(({ subgroups }) => subgroups)
  }
}

function byOrder(order: readonly string[]): (a: string, b: string) => number {
  const rank = (value: string) => {
    if (value === 'unknown') return Infinity
    const place = order.indexOf(value)
    return place === -1 ? order.length : place
  }
  return (a, b) => {
    const difference = rank(a) - rank(b)
    return difference !== 0 && !Number.isNaN(difference) ? difference : a < b ? -1 : Number(a > b)
  }
}
