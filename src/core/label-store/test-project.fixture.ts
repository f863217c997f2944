import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openProjectDatabase, type ProjectDatabase } from '../database'
import type { BulkChange, LabelStore } from './types'

/** For tests: films f1, f2 ... of infants p1, p2 ..., two films each. */
export async function makeProject(infants = 3): Promise<{ folder: string; database: ProjectDatabase }> {
  const folder = await mkdtemp(join(tmpdir(), 'neogate-labels-'))
  const database = await openProjectDatabase({ folder, mode: 'create', name: 'Test' })
  for (let i = 1; i <= infants; i++) {
    await database.kysely
      .insertInto('patient')
      .values({ id: `p${i}`, site: 'Seoul', patient_key: `${i}` })
      .execute()
    for (const number of [1, 2]) {
      await database.kysely
        .insertInto('film')
        .values({
          id: `f${2 * (i - 1) + number}`,
          patient_id: `p${i}`,
          patient_key: `${i}`,
          site: 'Seoul',
          root: '/films',
          path: `${i}/${number}.dcm`,
          fingerprint: `${i}.${number}`,
          byte_size: 1,
          modified_at: '2024-01-01T00:00:00.000Z',
          header_json: '{}',
          added_at: '2024-01-01T00:00:00.000Z',
          film_number: number,
          film_count: 2,
          context_state: 'missing'
        })
        .execute()
    }
  }
  return { folder, database }
}

export async function removeProject(project: { folder: string; database: ProjectDatabase }): Promise<void> {
  await project.database.close().catch(() => {})
  await rm(project.folder, { recursive: true, force: true })
}

/** Kim's sure BPD for every film. */
export async function changeOfAll(database: ProjectDatabase, labels: LabelStore): Promise<BulkChange> {
  const films = await database.kysely.selectFrom('film').select('id').execute()
  const value = { diagnosis: 'BPD', certainty: 'sure' } as const
  return {
    labels: films.map(({ id }) => ({ filmId: id, value })),
    contexts: [],
    reader: 'Kim',
    reason: '',
    seen: await labels.head()
  }
}

/** A stand-in for the growth rules: a state that tells which values it was given. */
export const stateOf = (context: { gaDays: number | null; bwGrams: number | null }) =>
  context.gaDays === null || context.bwGrams === null ? 'missing' : context.bwGrams > 4000 ? 'warn' : 'ok'
