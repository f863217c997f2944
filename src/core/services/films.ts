import type { FilmDetail } from '../../contract'
import type { FilmDetail as StoredDetail, FilmRow } from '../study-store'
import type { CoreContext } from './core-context'
import type { Services } from './services'
import { tableCsv } from './studies/table-csv'

type ContractRow = FilmDetail['row']

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
  return {
    async query({ query, offset, limit }) {
      const { total, rows } = await core.project().studies.query(query, offset, limit)
      return { total, rows: rows.map(toRow) }
    },
    ids: ({ query }) => core.project().studies.ids(query),
    keepSet: ({ name, filmIds }) => core.project().studies.keepSet(name, filmIds),
    getSet: ({ id }) => core.project().studies.getSet(id),
    async exportTable({ query, filmIds, columns }) {
      const { studies } = core.project()
      const wanted = filmIds && new Set(filmIds)
      const all = await studies.ids(query)
      const ids = wanted ? all.filter(id => wanted.has(id)) : all
      return { csv: await tableCsv(studies, ids, columns), rows: ids.length }
    },
    facets: ({ filter }) => core.project().studies.facets(filter),
    get: async ({ id }) => toFilmDetail(await core.project().studies.detail(id)),
    infants: async ({ ids }) => (await core.project().studies.rows(ids)).map(row => row.patientId)
  }
}
