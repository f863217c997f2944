import type { z } from 'zod'
import { experimentOptions, experimentPlan } from '../../../contract'
import type { ExperimentPart, ExperimentPlan, ExperimentResult } from '../../../contract'
import type { ProjectDatabase } from '../../database'
import { NeoGateError } from '../../foundation'

export type FullExperimentOptions = z.output<typeof experimentOptions>

/** A part as it is kept: with the folder of the run that trains it. */
export interface StoredPart extends ExperimentPart {
  run: string | null
}

export interface StoredExperiment {
  /** Id of its job. */
  id: string
  at: string
  name: string
  reader: string
  options: FullExperimentOptions
  plan: ExperimentPlan
  parts: StoredPart[]
  result: ExperimentResult | null
}

/** Experiments of one project. */
export interface ExperimentStore {
  /** Newest first. */
  list(): Promise<StoredExperiment[]>
  /** @throws NeoGateError NOT_FOUND */
  get(id: string): Promise<StoredExperiment>
  /** One that is kept already stays as it is. */
  add(experiment: Omit<StoredExperiment, 'result'>): Promise<void>
  setParts(id: string, parts: readonly StoredPart[]): Promise<void>
  setResult(id: string, result: ExperimentResult): Promise<void>
}

export function createExperimentStore({ kysely: db }: Pick<ProjectDatabase, 'kysely'>): ExperimentStore {
  const rows = () => db.selectFrom('experiment').selectAll()
  type Row = Awaited<ReturnType<ReturnType<typeof rows>['execute']>>[number]
  const read = (row: Row): StoredExperiment => ({
    id: row.id,
    at: row.at,
    name: row.name,
    reader: row.reader,
    // Parsed, so that what an earlier version of NeoGate did not know has its default.
    options: experimentOptions.parse(JSON.parse(row.options_json)),
    plan: experimentPlan.parse(JSON.parse(row.plan_json)),
    parts: JSON.parse(row.parts_json) as StoredPart[],
    result: row.result_json === null ? null : (JSON.parse(row.result_json) as ExperimentResult)
  })
  const change = async (id: string, values: { parts_json: string } | { result_json: string }) => {
    await db.updateTable('experiment').set(values).where('id', '=', id).execute()
  }
  return {
    list: async () => (await rows().orderBy('at', 'desc').orderBy('id').execute()).map(read),

    async get(id) {
      const row = await rows().where('id', '=', id).executeTakeFirst()
      if (row) return read(row)
      throw new NeoGateError('NOT_FOUND', `This project has no experiment ${id}.`, {
        field: 'id',
        remedy: 'List the experiments of the project, or start one.'
      })
    },

    async add({ id, at, name, reader, options, plan, parts }) {
      await db
        .insertInto('experiment')
        .values({
          id,
          at,
          name,
          reader,
          options_json: JSON.stringify(options),
          plan_json: JSON.stringify(plan),
          parts_json: JSON.stringify(parts),
          result_json: null
        })
        .onConflict(conflict => conflict.column('id').doNothing())
        .execute()
    },

    setParts: (id, parts) => change(id, { parts_json: JSON.stringify(parts) }),
    setResult: (id, result) => change(id, { result_json: JSON.stringify(result) })
  }
}
