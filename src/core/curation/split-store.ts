import { inBatches, projectSplitSides, type Connection, type ProjectDatabase, type Row } from '../database'
import { freshId, NeoGateError, type Clock } from '../foundation'
import { checkSplit } from './check-split'
import { tabulate } from './class-site-table'
import { makeSplit } from './make-split'
import { manifestHash, sidesOf, type Manifest } from './manifest'
import { readCandidates, readPresentFilms, readSites } from './read-films'
import { PAPER_PROPORTIONS } from './sides'
import { findSplit, insertSplit, readManifest, readPlaces, readTestContent, toSplit } from './split-rows'
import type { Split, SplitStore } from './types'

/** Splits of one project, from its films as they are. */
export function createSplitStore(database: ProjectDatabase, clock: Clock): SplitStore {
  const db = database.kysely

  async function verifiedManifest(connection: Connection, row: Row<'split'>): Promise<Manifest> {
    const manifest = await readManifest(connection, row)
    if (manifestHash(manifest) !== row.manifest_hash) throw altered(row.name)
    return manifest
  }

  async function assertNoTestFilms(splitId: string, filmIds: readonly string[]): Promise<void> {
    const places = await readPlaces(db, splitId, filmIds)
    requireKnown(places, filmIds)
    const testContent = await readTestContent(db, splitId)
    const refused = [...places.values()].filter(
      ({ infantSide, writtenSide, content }) =>
        infantSide === 'test' || writtenSide === 'test' || content.some(hash => testContent.has(hash))
    )
    if (refused.length > 0) throw inTestPart(refused.length, filmIds.length)
  }

  return {
    async list() {
      const rows = await db.selectFrom('split').selectAll().orderBy('created_at').orderBy('id').execute()
      return rows.map(toSplit)
    },

    get: async name => toSplit(await findSplit(db, name)),

    make: ({ name, proportions, seed, extend, reader }) =>
      db.transaction().execute(async transaction => {
        const named = await chooseName(transaction, name)
        const parent = extend === null ? null : await findSplit(transaction, extend)
        const earlier = parent && {
          manifest: await verifiedManifest(transaction, parent),
          hash: parent.manifest_hash
        }
        const { manifest, hash, report, table } = makeSplit(await readCandidates(transaction), {
          proportions: proportions ?? earlier?.manifest.proportions ?? PAPER_PROPORTIONS,
          seed,
          extend: earlier
        })
        const split: Split = {
          id: freshId(),
          name: named,
          createdAt: clock.timestamp(),
          reader,
          parentId: parent?.id ?? null,
          seed,
          proportions: manifest.proportions,
          hash,
          report
        }
        await insertSplit(transaction, split, manifest.parentHash, manifest)
        await projectSplitSides(transaction, split.id)
        return { split, table }
      }),

    manifest: async name => verifiedManifest(db, await findSplit(db, name)),

    async table(name) {
      const manifest = await verifiedManifest(db, await findSplit(db, name))
      return tabulate(manifest, await readSites(db))
    },

    async check(name) {
      const row = await findSplit(db, name)
      const manifest = await readManifest(db, row)
      return checkSplit(manifest, row.manifest_hash, await readPresentFilms(db), await readSites(db))
    },

    async sideOf(name, filmIds) {
      const { id } = await findSplit(db, name)
      const places = await readPlaces(db, id, filmIds)
      requireKnown(places, filmIds)
      return filmIds.map(film => {
        const { writtenSide, infantSide } = places.get(film)!
        return infantSide === 'test' ? 'test' : (writtenSide ?? infantSide ?? 'unassigned')
      })
    },

    async trainingFilms(name) {
      const row = await findSplit(db, name)
      const manifest = await verifiedManifest(db, row)
      const sides = sidesOf(manifest)
      const on = (side: string) =>
        manifest.films.filter(film => sides.get(film.patientId) === side).map(film => film.id)
      const films = { train: on('train'), validation: on('validation') }
      await assertNoTestFilms(row.id, [...films.train, ...films.validation])
      return films
    },

    assertNoTestFilms: async (name, filmIds) => assertNoTestFilms((await findSplit(db, name)).id, filmIds),

    async lockedTestFilms(name, { reader, reason }) {
      if (reason.trim() === '') {
        throw new NeoGateError('INVALID_INPUT', 'A test part is opened for a reason only.', {
          field: 'reason',
          remedy: 'Say what the evaluation is for; it is kept with the split.'
        })
      }
      const row = await findSplit(db, name)
      const manifest = await verifiedManifest(db, row)
      const sides = sidesOf(manifest)
      const films = manifest.films.filter(film => sides.get(film.patientId) === 'test').map(film => film.id)
      await db
        .insertInto('test_access')
        .values({
          id: freshId(),
          split_id: row.id,
          at: clock.timestamp(),
          reader,
          reason: reason.trim(),
          films: films.length
        })
        .execute()
      return films
    },

    async testAccesses(name) {
      const { id } = await findSplit(db, name)
      return db
        .selectFrom('test_access')
        .select(['at', 'reader', 'reason', 'films'])
        .where('split_id', '=', id)
        .orderBy('at', 'desc')
        .orderBy('id')
        .execute()
    },

    async withoutPixelHash() {
      const rows = await db
        .selectFrom('film')
        .leftJoin('film_pixels', 'film_pixels.film_id', 'film.id')
        .where('film_pixels.film_id', 'is', null)
        .where('film.missing', '=', 0)
        .select('film.id')
        .orderBy('film.id')
        .execute()
      return rows.map(({ id }) => id)
    },

    async savePixelHashes(hashes) {
      const rows = hashes.map(({ filmId, hash }) => ({ film_id: filmId, hash }))
      await db.transaction().execute(async transaction => {
        for (const batch of inBatches(rows)) {
          await transaction
            .insertInto('film_pixels')
            .values(batch)
            .onConflict(conflict =>
              conflict.column('film_id').doUpdateSet({ hash: row => row.ref('excluded.hash') })
            )
            .execute()
        }
      })
    }
  }
}

/** @throws NeoGateError INVALID_INPUT for a name that is taken */
async function chooseName(db: Connection, wanted: string | null): Promise<string> {
  const rows = await db.selectFrom('split').select(['id', 'name']).execute()
  const taken = new Set(rows.flatMap(({ id, name }) => [id, name]))
  if (wanted === null) {
    let number = rows.length + 1
    while (taken.has(`split-${number}`)) number++
    return `split-${number}`
  }
  const name = wanted.trim().normalize('NFC')
  if (name !== '' && !taken.has(name)) return name
  throw new NeoGateError(
    'INVALID_INPUT',
    name === '' ? 'A split needs a name.' : `There is a split '${name}' already.`,
    { field: 'name', remedy: 'Choose another name; a split is never overwritten.' }
  )
}

function requireKnown(places: ReadonlyMap<string, unknown>, filmIds: readonly string[]): void {
  const unknown = filmIds.filter(id => !places.has(id)).length
  if (unknown === 0) return
  throw new NeoGateError('NOT_FOUND', `${unknown} of ${filmIds.length} films are not in this project.`, {
    field: 'filmIds',
    remedy: 'Import the folder that holds them.'
  })
}

function altered(name: string): NeoGateError {
  return new NeoGateError(
    'PROJECT_DAMAGED',
    `The split '${name}' is not the one that was made: its manifest does not have the recorded hash.`,
    { field: 'split', reason: 'altered', remedy: 'Restore the project from a backup, or make a new split.' }
  )
}

function inTestPart(count: number, of: number): NeoGateError {
  return new NeoGateError(
    'CONFLICT',
    `${count} of ${of} films belong to the locked test part, or equal one of its films.`,
    {
      field: 'filmIds',
      reason: 'test-films',
      remedy: 'Leave them out; where a split itself leaks, check it, then make a new one that extends it.'
    }
  )
}
