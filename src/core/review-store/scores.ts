import { setImmediate as nextTurn } from 'node:timers/promises'
import { inBatches, type Connection } from '../database'
import type { Diagnosis } from '../domain'
import type { FilmScore, ScoreState } from './types'

const PAGE = 5000

const toBytes = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
/** Copies, because a blob from the database need not begin at a multiple of four bytes. */
const toFloats = (bytes: Uint8Array) => new Float32Array(bytes.slice().buffer)

export async function writeScores(
  db: Connection,
  modelHash: string,
  madeAt: string,
  scores: readonly FilmScore[]
): Promise<void> {
  await db.deleteFrom('film_score').execute()
  const rows = scores.map(({ filmId, label, own, atMean, outOfFold, coreSet }) => ({
    film_id: filmId,
    model_hash: modelHash,
    made_at: madeAt,
    label,
    own: toBytes(own),
    at_mean: atMean && toBytes(atMean),
    out_of_fold: outOfFold && toBytes(outOfFold),
    core_set: coreSet
  }))
  for (const batch of inBatches(rows)) {
    await db.insertInto('film_score').values(batch).execute()
    await nextTurn()
  }
}

export async function readScores(db: Connection): Promise<Map<string, FilmScore>> {
  const scores = new Map<string, FilmScore>()
  for (let after = ''; ;) {
    const page = await db
      .selectFrom('film_score')
      .selectAll()
      .where('film_id', '>', after)
      .orderBy('film_id')
      .limit(PAGE)
      .execute()
    for (const row of page) {
      scores.set(row.film_id, {
        filmId: row.film_id,
        label: row.label as Diagnosis | null,
        own: toFloats(row.own),
        atMean: row.at_mean && toFloats(row.at_mean),
        outOfFold: row.out_of_fold && toFloats(row.out_of_fold),
        coreSet: row.core_set
      })
    }
    if (page.length < PAGE) return scores
    after = page[page.length - 1]!.film_id
    await nextTurn()
  }
}

export async function readScoreState(db: Connection): Promise<ScoreState | null> {
  const row = await db
    .selectFrom('film_score')
    .select(({ fn }) => [
      'model_hash as modelHash',
      'made_at as madeAt',
      fn.countAll<number>().as('films'),
      fn.count<number>('out_of_fold').as('outOfFold')
    ])
    .groupBy(['model_hash', 'made_at'])
    .executeTakeFirst()
  return row ? { ...row, films: Number(row.films), outOfFold: Number(row.outOfFold) } : null
}
