import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Connection } from '../database'
import type { FilmHeader } from '../domain'
import type { CandidateFilm } from './candidates'
import type { PresentFilm } from './check-split'

/** Films read at a time; between two pages the event loop has a turn. */
const PAGE = 2000

const COLUMNS = [
  'film.id',
  'film.patient_id as patientId',
  'film.site',
  'film.label',
  'film.missing',
  'film.context_state as contextState',
  'film.ga_days as gaDays',
  'film.bw_grams as bwGrams',
  'film.fingerprint',
  'film_pixels.hash as pixels'
] as const

const films = (db: Connection, after: string) =>
  db
    .selectFrom('film')
    .leftJoin('film_pixels', 'film_pixels.film_id', 'film.id')
    .where('film.id', '>', after)
    .orderBy('film.id')
    .limit(PAGE)
    .select(COLUMNS)

/** Every film of the project, for making a split. */
export async function readCandidates(db: Connection): Promise<CandidateFilm[]> {
  const all: CandidateFilm[] = []
  for (let after = ''; ;) {
    const page = await films(db, after).execute()
    for (const film of page) all.push({ ...film, missing: film.missing === 1 })
    if (page.length < PAGE) return all
    after = page[page.length - 1]!.id
    await nextTurn()
  }
}

/** Every film of the project with what may tell that two films or infants are one, for checking a split. */
export async function readPresentFilms(db: Connection): Promise<PresentFilm[]> {
  const all: PresentFilm[] = []
  for (let after = ''; ;) {
    const page = await films(db, after)
      .innerJoin('patient', 'patient.id', 'film.patient_id')
      .select(['film.header_json as header', 'patient.birth_time as birthTime', 'patient.sex as sex'])
      .execute()
    for (const { header, ...film } of page) {
      const { sopInstanceUid = null } = JSON.parse(header) as Partial<FilmHeader>
      all.push({ ...film, missing: film.missing === 1, sopInstanceUid })
    }
    if (page.length < PAGE) return all
    after = page[page.length - 1]!.id
    await nextTurn()
  }
}

/** Site of every infant by id. */
export async function readSites(db: Connection): Promise<Map<string, string>> {
  const infants = await db.selectFrom('patient').select(['id', 'site']).execute()
  return new Map(infants.map(({ id, site }) => [id, site]))
}
