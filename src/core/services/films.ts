import type { FilmDetail } from '../../contract'
import type { FilmDetail as StoredDetail, FilmRow } from '../study-store'
import type { CoreContext } from './core-context'
import type { Services } from './services'
import { blindingOf, maskRow, veilOf } from './blinding'
import { tableCsv } from './studies/table-csv'

type ContractRow = FilmDetail['row']

const AS_IT_COMES = { key: 'patientKey', direction: 'ascending' } as const

/** The stores keep class, certainty and state as text; the contract's schema checks them on the way out. */
const toRow = (row: FilmRow) => row as ContractRow

export function toFilmDetail(detail: StoredDetail): FilmDetail {
  const { header } = detail
  return {
    row: toRow(detail.row),
    label: detail.label as FilmDetail['label'],
    file: detail.file,
    modality: header.modality,
    transferSyntax: header.transferSyntax,
    format: header.format,
    rows: header.rows,
    columns: header.columns,
    institution: header.institution,
    birthTime: detail.birthTime,
    addedAt: detail.addedAt,
    revision: detail.revision,
    series: detail.series.map(toRow)
  }
}

export function createFilmsService(core: CoreContext): Services['films'] {
  const veil = async () => veilOf(await blindingOf(core))

  return {
    async query({ query, offset, limit }) {
      const { total, rows } = await core.project().studies.query(query, offset, limit, await veil())
      return { total, rows: rows.map(toRow) }
    },
    ids: async ({ query }) => core.project().studies.ids(query, await veil()),
    keepSet: ({ name, filmIds }) => core.project().studies.keepSet(name, filmIds),
    async getSet({ id }) {
      const { studies } = core.project()
      const [set, present] = [await studies.getSet(id), await veil()]
      if (!present) return set
      const shown = await studies.ids(
        { filter: { text: '', facets: {}, set: id }, sort: AS_IT_COMES },
        present
      )
      return { ...set, films: shown.length }
    },
    async exportTable({ query, filmIds, columns }) {
      const { studies } = core.project()
      const wanted = filmIds && new Set(filmIds)
      const blinding = await blindingOf(core)
      const all = await studies.ids(query, veilOf(blinding))
      const ids = wanted ? all.filter(id => wanted.has(id)) : all
      const rowsOf = async (some: string[]) =>
        (await studies.rows(some)).map(row => maskRow(toRow(row), blinding))
      return { csv: await tableCsv(rowsOf, ids, columns), rows: ids.length }
    },
    facets: async ({ filter }) => core.project().studies.facets(filter, await veil()),
    get: async ({ id }) => toFilmDetail(await core.project().studies.detail(id)),
    infants: async ({ ids }) => (await core.project().studies.rows(ids)).map(row => row.patientId)
  }
}
