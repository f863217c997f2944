import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openProjectDatabase, type ProjectDatabase } from '../database'
import type { ProtocolSettings } from './types'

/** For tests: films f1, f2 ... one infant each, at two sites in turn. */
export async function makeProject(films: number): Promise<{ folder: string; database: ProjectDatabase }> {
  const folder = await mkdtemp(join(tmpdir(), 'neogate-review-'))
  const database = await openProjectDatabase({ folder, mode: 'create', name: 'Test' })
  for (let i = 1; i <= films; i++) {
    const site = i % 2 === 1 ? 'North' : 'South'
    await database.kysely
      .insertInto('patient')
      .values({ id: `p${i}`, site, patient_key: `${i}` })
      .execute()
    await database.kysely
      .insertInto('film')
      .values({
        id: `f${i}`,
        patient_id: `p${i}`,
        patient_key: `${i}`,
        site,
        root: '/films',
        path: `${i}.dcm`,
        fingerprint: `${i}`,
        byte_size: 1,
        modified_at: '2024-01-01T00:00:00.000Z',
        header_json: '{}',
        added_at: '2024-01-01T00:00:00.000Z',
        film_number: 1,
        film_count: 1,
        context_state: 'missing'
      })
      .execute()
  }
  return { folder, database }
}

export async function removeProject(project: { folder: string; database: ProjectDatabase }): Promise<void> {
  await project.database.close().catch(() => {})
  await rm(project.folder, { recursive: true, force: true })
}

export const SETTINGS: ProtocolSettings = {
  queue: 'unlabelled',
  assignment: { kind: 'some', readers: 1 },
  readers: [],
  hides: { model: true, others: true, context: false },
  repeatShare: 0,
  repeatGap: 2,
  randomShare: 0,
  randomFrom: 0,
  commentWhenUnsure: false,
  labelsAtOnce: false,
  revealAfterCommit: false,
  claimHours: 12
}

/** Films f1 ... fn in that order. */
export const protocolFilms = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    filmId: `f${i + 1}`,
    random: false,
    score: 1,
    reasons: [{ kind: 'unlabelled' }],
    label: null
  }))
