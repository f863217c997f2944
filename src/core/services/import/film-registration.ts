import { UNKNOWN_SITE } from '../../../contract'
import type { FilmHeader } from '../../domain'
import type { FoundFile } from '../../study-folder'
import type { FilmRegistration } from '../../study-store'
import type { TableRow } from '../../tables'

/** What de-identification leaves in Patient ID when it leaves the same for everyone; such an ID tells no infants apart. */
const PLACEHOLDER_ID = /^(?:anon\w*|unknown|none|n\/?a|null|removed|de-?identified|patient|test|x+|0+|-+)$/i

/** Folder names that hold many infants, however they are numbered. */
const GROUP_FOLDER =
  /^(?:hospital|site|cent(?:er|re)|batch|part|fold|set|group|class|train\w*|valid\w*|val|test\w*|[TV][SL]_.*|dicom|images?|png|jpe?g|병원|기관|그룹)/i

/** More films than this are not one infant's. */
const MAX_FILMS_OF_INFANT = 60

/**
 * The infant's key where neither table nor DICOM gives one: the name of the film's own folder if it looks like a number or
 * code of three characters or more ('P0012', '003') and holds at most 60 films; else the film's path without extension, so that every film counts as
 * its own infant. Wrongly parting infants costs a prior film; wrongly joining them would mix up their GA and birth weight.
 * @param filmsInFolder files in the film's folder
 */
export function patientKeyFromPath(path: string, filmsInFolder: number): string {
  const folders = path.split('/')
  folders.pop()
  const folder = folders.at(-1)
  const looksLikeCode =
    folder !== undefined &&
    folder.length >= 3 &&
    /\d/.test(folder) &&
    !GROUP_FOLDER.test(folder) &&
    !isDate(folder)
  if (looksLikeCode && filmsInFolder <= MAX_FILMS_OF_INFANT) return folders.join('/')
  return path.replace(/(?<=[^/])\.[^./]+$/, '')
}

function isDate(name: string): boolean {
  return /^(?:19|20)\d{2}(?:[-_.]?\d{2}){0,2}$/.test(name)
}

/** Patient ID of a DICOM file, if it tells infants apart. */
export function usablePatientId(header: FilmHeader): string | null {
  const id = header.patientId?.trim() ?? ''
  return id === '' || PLACEHOLDER_ID.test(id) ? null : id
}

/** The table's time, unless the file gives the same day more precisely. */
function preciser(table: string | null, file: string | null): string | null {
  if (table === null) return file
  return table.length === 10 && file?.startsWith(`${table}T`) ? file : table
}

/**
 * A film as it is registered. The table goes before the file: it was made for this study and the user has bound its
 * columns. Patient's Weight (0010,1030) is weight at study, never birth weight, and is not looked at.
 */
export function toRegistration(film: {
  id: string
  root: string
  found: FoundFile
  header: FilmHeader
  byteSize: number
  modifiedAt: string
  fingerprint: string
  filmsInFolder: number
  defaultSite: string | null
  row: TableRow | null
}): FilmRegistration {
  const { header, row, found } = film
  return {
    id: film.id,
    root: film.root,
    path: found.path,
    rawPath: found.rawPath,
    patientKey:
      row?.patientKey ?? usablePatientId(header) ?? patientKeyFromPath(found.path, film.filmsInFolder),
    site: row?.site ?? (header.institution?.trim() || film.defaultSite?.trim() || UNKNOWN_SITE),
    header,
    byteSize: film.byteSize,
    modifiedAt: film.modifiedAt,
    fingerprint: film.fingerprint,
    filmTime: preciser(row?.filmTime ?? null, header.acquiredAt),
    birthTime: preciser(row?.birthTime ?? null, header.birthAt),
    sex: header.sex === 'M' || header.sex === 'F' ? header.sex : null,
    viewPosition: row?.viewPosition ?? header.viewPosition
  }
}
