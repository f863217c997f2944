import { inBatches, type ContextStateOf, type ProjectDatabase } from '../database'
import type { FilmHeader } from '../domain'
import type { Clock } from '../foundation'
import { FilmIndex } from './film-index'
import { filmIdsOf, filmNotFound, readFilmRows, readFirstRows } from './film-rows'
import { keepFilmSet, readFilmSet } from './film-sets'
import {
  activateModel,
  filmsWithoutPrediction,
  readLogits,
  readPredicted,
  readPrediction,
  storePredictions
} from './predictions'
import { filmsWithPooled, readContexts, readPooled } from './pooled'
import { locate, register } from './registration'
import type { FilmFilter, FilmQuery, FilmRow, RegistrationOutcome, StudyStore, Veil } from './types'

/** Orders kept for scrolling through: the present one, and those a reader goes back to. */
const KEPT_ORDERS = 8

/** Every film in the table's own order: what a project shows first. */
function isAsItComes({ filter, sort }: FilmQuery): boolean {
  return (
    filter.text.trim() === '' &&
    filter.set === undefined &&
    Object.values(filter.facets).every(values => values.length === 0) &&
    sort.key === 'patientKey' &&
    sort.direction === 'ascending'
  )
}

/** Films and infants of one project. */
export function createStudyStore(
  database: ProjectDatabase,
  clock: Clock,
  contextStateOf: ContextStateOf
): StudyStore {
  const db = database.kysely
  const index = new FilmIndex()
  let loaded = false
  let refreshing: Promise<void> = Promise.resolve()
  /** Counts the times that films in the index were brought up to date, which takes several turns where they are many. */
  let version = 0
  const orders = new Map<string, string[]>()
  /** The last set asked for: its films among all; a set never changes under its id. */
  let members: { set: string; mask: Uint8Array } | null = null

  async function refresh(): Promise<void> {
    const changed = await database.takeChangedFilms()
    if (loaded && changed.length === 0) return
    version += 1
    orders.clear()
    const all = !loaded
    // Should reading fail, the changes taken above are known no more: then everything is read again.
    loaded = false
    for await (const films of readFilmRows(db, all ? null : changed)) films.forEach(film => index.put(film))
    loaded = true
  }

  /** The index with everything that was committed before the call. */
  async function current(): Promise<FilmIndex> {
    refreshing = refreshing.then(refresh, refresh)
    await refreshing
    return index
  }

  async function membersOf({ set }: FilmFilter): Promise<Uint8Array | null> {
    if (set === undefined) return null
    if (members?.set !== set || members.mask.length !== index.size)
      members = { set, mask: index.maskOf((await readFilmSet(db, set)).ids) }
    return members.mask
  }

  /** Ordered once and then kept until any film changes, so that a scroll step costs only the rows that it shows. */
  async function orderedIds(query: FilmQuery, veil: Veil | null): Promise<string[]> {
    const { filter } = query
    const { text, textIn, set, facets } = filter
    const key = JSON.stringify([text, textIn, set, Object.entries(facets).sort(), query.sort, veil?.key])
    for (;;) {
      const films = await current()
      const asOf = version
      const kept = orders.get(key)
      if (kept) return kept
      await films.prepare(query.sort.key)
      const among = await membersOf(filter)
      // A change that came meanwhile may be in the index by half; such an order must not be kept.
      if (version !== asOf) continue
      const ids = films.select(filter, query.sort, among, veil)
      orders.set(key, ids)
      if (orders.size > KEPT_ORDERS) orders.delete(orders.keys().next().value!)
      return ids
    }
  }

  async function rows(ids: readonly string[]): Promise<FilmRow[]> {
    const films = await current()
    return ids.map(id => {
      const film = films.get(id)
      if (!film) throw filmNotFound(id)
      return film
    })
  }

  async function location(id: string) {
    const film = await db
      .selectFrom('film')
      .select(['root', 'path', 'raw_path'])
      .where('id', '=', id)
      .executeTakeFirst()
    if (!film) throw filmNotFound(id)
    return film
  }

  return {
    registerFilms: films =>
      db
        .transaction()
        .execute(transaction => register(transaction, films, clock.timestamp(), contextStateOf)),

    async rehearseFilms(films) {
      const rehearsed = new Error('rehearsed')
      let outcomes: RegistrationOutcome[] = []
      await db
        .transaction()
        .execute(async transaction => {
          outcomes = await register(transaction, films, clock.timestamp(), contextStateOf)
          throw rehearsed
        })
        .catch(error => {
          if (error !== rehearsed) throw error
        })
      return outcomes
    },

    async locations(ids) {
      const found: Awaited<ReturnType<StudyStore['locations']>> = new Map()
      for (const batch of inBatches(ids)) {
        const films = await db
          .selectFrom('film')
          .select(['id', 'root', 'path', 'raw_path', 'missing'])
          .where('id', 'in', batch)
          .execute()
        for (const film of films) {
          found.set(film.id, {
            root: film.root,
            path: film.path,
            file: locate(film),
            missing: film.missing === 1
          })
        }
      }
      return found
    },

    async imageKeys(root) {
      const films = await db
        .selectFrom('film')
        .select(['id', 'patient_id', 'path', 'header_json'])
        .$if(root !== null, query => query.where('root', '=', root!))
        .orderBy('patient_key')
        .orderBy('patient_id')
        .orderBy('film_time', order => order.asc().nullsLast())
        .orderBy('id')
        .execute()
      return films.map(film => ({
        id: film.id,
        patientId: film.patient_id,
        path: film.path,
        sopInstanceUid: (JSON.parse(film.header_json) as FilmHeader).sopInstanceUid
      }))
    },

    async query(query, offset, limit, veil = null) {
      if (!loaded && offset === 0 && isAsItComes(query)) {
        const first = readFirstRows(db, limit)
        // The rest is read meanwhile; should that fail, the next question tells.
        current().catch(() => {})
        return first
      }
      const ids = await orderedIds(query, veil)
      return { total: ids.length, rows: await rows(ids.slice(offset, offset + limit)) }
    },

    async ids(query, veil = null) {
      return [...(await orderedIds(query, veil))]
    },

    facets: async (filter, veil = null) => {
      const films = await current()
      return films.countFacets(filter, await membersOf(filter), veil)
    },
    keepSet: (name, filmIds) => keepFilmSet(db, name, filmIds, clock.timestamp()),
    async getSet(id) {
      const { ids: _, ...set } = await readFilmSet(db, id)
      return set
    },

    async detail(id) {
      const film = await db
        .selectFrom('film')
        .innerJoin('patient', 'patient.id', 'film.patient_id')
        .where('film.id', '=', id)
        .select([
          'film.root',
          'film.path',
          'film.raw_path',
          'film.patient_id',
          'film.header_json',
          'film.added_at',
          'film.label',
          'film.certainty',
          'film.comment',
          'film.revision as labelRevision',
          'film.tags_revision as tagsRevision',
          'patient.birth_time',
          'patient.revision as contextRevision'
        ])
        .executeTakeFirst()
      if (!film) throw filmNotFound(id)
      const series = await rows(await filmIdsOf(db, film.patient_id))
      return {
        row: series.find(row => row.id === id)!,
        label:
          film.label === null
            ? null
            : { diagnosis: film.label, certainty: film.certainty!, comment: film.comment ?? '' },
        file: locate(film),
        header: JSON.parse(film.header_json) as FilmHeader,
        birthTime: film.birth_time,
        addedAt: film.added_at,
        revision: Math.max(film.labelRevision, film.tagsRevision, film.contextRevision),
        series
      }
    },

    rows,
    filePath: async id => locate(await location(id)),
    filmsOf: patientId => filmIdsOf(db, patientId),

    async counts() {
      const infants = await db
        .selectFrom('film')
        .select(({ fn }) => [
          fn.count<number>('patient_id').distinct().as('patients'),
          fn.count<number>('site').distinct().as('sites')
        ])
        .executeTakeFirstOrThrow()
      const totals = (await current()).totals()
      return { ...totals, patients: Number(infants.patients), sites: Number(infants.sites) }
    },

    async markMissing(ids, missing) {
      for (const batch of inBatches(ids)) {
        await db
          .updateTable('film')
          .set({ missing: missing ? 1 : 0 })
          .where('id', 'in', batch)
          .execute()
      }
    },

    setPredictions: predictions =>
      db.transaction().execute(transaction => storePredictions(transaction, predictions)),
    prediction: (filmId, model) => readPrediction(db, filmId, model),
    withoutPrediction: model => filmsWithoutPrediction(db, model),
    predictedBy: model => readPredicted(db, model),
    currentLogits: (model, filmIds) => readLogits(db, model, filmIds),
    withPooled: kin => filmsWithPooled(db, kin),
    pooled: (kin, filmIds) => readPooled(db, kin, filmIds),
    contexts: () => readContexts(db),
    setActiveModel: modelId => activateModel(db, modelId)
  }
}
