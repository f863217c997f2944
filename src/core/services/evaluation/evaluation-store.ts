import type { Evaluation, EvaluationSummary } from '../../../contract'
import type { ProjectDatabase } from '../../database'
import { DIAGNOSES } from '../../domain'
import { NeoGateError } from '../../foundation'
import { predictedClasses, type Calibration, type Cases } from '../../ml/evaluation'

/** An evaluation's films, in table order, with what is known and what was answered. */
export interface EvaluatedFilms extends Cases {
  filmIds: string[]
}

export interface FittedCalibration extends Calibration {
  splitId: string
  setHash: string
  films: number
  fittedAt: string
}

/** Characters of a film's id. */
const ID_LENGTH = 26

/** Evaluations of one project. */
export interface EvaluationStore {
  /** Newest first. */
  list(): Promise<EvaluationSummary[]>
  /** @throws NeoGateError NOT_FOUND */
  get(id: string): Promise<Evaluation>
  /** @throws NeoGateError NOT_FOUND */
  films(id: string): Promise<EvaluatedFilms>
  /** Films with this label and this answer, in table order; null stands for any. @throws NeoGateError NOT_FOUND */
  filmsBehind(id: string, label: number | null, predicted: number | null): Promise<string[]>
  /** Keeps an evaluation with its films; one that is kept already stays as it is. */
  add(evaluation: Evaluation, films: EvaluatedFilms): Promise<void>
  /** What was last fitted for a version; null where nothing was. */
  calibration(modelHash: string): Promise<FittedCalibration | null>
  setCalibration(modelHash: string, fitted: FittedCalibration): Promise<void>
}

export function createEvaluationStore({ kysely: db }: Pick<ProjectDatabase, 'kysely'>): EvaluationStore {
  return {
    async list() {
      const rows = await db
        .selectFrom('evaluation')
        .select('summary_json')
        .orderBy('at', 'desc')
        .orderBy('id')
        .execute()
      return rows.map(row => JSON.parse(row.summary_json) as EvaluationSummary)
    },

    async get(id) {
      const row = await db
        .selectFrom('evaluation')
        .select('result_json')
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row) throw noSuchEvaluation(id)
      return JSON.parse(row.result_json) as Evaluation
    },

    async films(id) {
      const row = await db
        .selectFrom('evaluation_cases')
        .selectAll()
        .where('evaluation_id', '=', id)
        .executeTakeFirst()
      if (!row) throw noSuchEvaluation(id)
      const ids = readIds(row.film_ids)
      return {
        classes: DIAGNOSES.length,
        filmIds: Array.from({ length: row.labels.length }, (_, film) => ids(film)),
        truth: Uint8Array.from(row.labels),
        // Copied, because a blob need not begin at a multiple of four bytes.
        infants: new Int32Array(Uint8Array.from(row.infants).buffer),
        logits: new Float32Array(Uint8Array.from(row.logits).buffer)
      }
    },

    async filmsBehind(id, label, predicted) {
      const row = await db
        .selectFrom('evaluation_cases')
        .select(['film_ids', 'labels', 'predicted'])
        .where('evaluation_id', '=', id)
        .executeTakeFirst()
      if (!row) throw noSuchEvaluation(id)
      const ids = readIds(row.film_ids)
      const found: string[] = []
      for (let film = 0; film < row.labels.length; film++) {
        if (label !== null && row.labels[film] !== label) continue
        if (predicted !== null && row.predicted[film] !== predicted) continue
        found.push(ids(film))
      }
      return found
    },

    add: (evaluation, films) =>
      db.transaction().execute(async transaction => {
        const { summary } = evaluation
        const added = await transaction
          .insertInto('evaluation')
          .values({
            id: summary.id,
            at: summary.at,
            reader: summary.reader,
            model_id: summary.modelId,
            model_hash: summary.modelHash,
            set_hash: summary.setHash,
            summary_json: JSON.stringify(summary),
            result_json: JSON.stringify(evaluation)
          })
          .onConflict(conflict => conflict.column('id').doNothing())
          .executeTakeFirst()
        if (added.numInsertedOrUpdatedRows === 0n) return
        await transaction
          .insertInto('evaluation_cases')
          .values({
            evaluation_id: summary.id,
            film_ids: Buffer.from(films.filmIds.join(''), 'latin1'),
            infants: bytesOf(films.infants),
            labels: films.truth,
            predicted: predictedClasses(films),
            logits: bytesOf(films.logits)
          })
          .execute()
      }),

    async calibration(modelHash) {
      const row = await db
        .selectFrom('calibration')
        .selectAll()
        .where('model_hash', '=', modelHash)
        .executeTakeFirst()
      if (!row) return null
      return {
        splitId: row.split_id,
        setHash: row.set_hash,
        films: row.films,
        fittedAt: row.fitted_at,
        temperature: row.temperature,
        thresholds: JSON.parse(row.thresholds_json) as (number | null)[]
      }
    },

    async setCalibration(modelHash, fitted) {
      const row = {
        split_id: fitted.splitId,
        set_hash: fitted.setHash,
        films: fitted.films,
        fitted_at: fitted.fittedAt,
        temperature: fitted.temperature,
        thresholds_json: JSON.stringify(fitted.thresholds)
      }
      await db
        .insertInto('calibration')
        .values({ model_hash: modelHash, ...row })
        .onConflict(conflict => conflict.column('model_hash').doUpdateSet(row))
        .execute()
    }
  }
}

/** Ids are base32: one byte a character. */
function readIds(bytes: Uint8Array): (film: number) => string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  return film => text.slice(film * ID_LENGTH, (film + 1) * ID_LENGTH)
}

function bytesOf(values: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

function noSuchEvaluation(id: string): NeoGateError {
  return new NeoGateError('NOT_FOUND', `This project has no evaluation ${id}.`, {
    field: 'id',
    remedy: 'List the evaluations of the project, or run one; one that was cancelled is not kept.'
  })
}
