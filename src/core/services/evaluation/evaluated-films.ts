import { DIAGNOSES } from '../../domain'
import { numberInfants } from '../../ml/evaluation'
import type { FilmRow } from '../../study-store'
import type { ProjectSession } from '../core-context'
import { modelKey } from '../inherited-features'
import type { OpenModel } from '../inference'
import type { EvaluatedFilms } from './evaluation-store'

export const classIndex = (label: string) => DIAGNOSES.indexOf(label as (typeof DIAGNOSES)[number])

/** The films that have a prediction, with label, infant and logits; the rest could not be read. */
export async function gatherFilms(
  { studies }: ProjectSession,
  model: OpenModel,
  filmIds: readonly string[]
): Promise<{ films: EvaluatedFilms; rows: FilmRow[] }> {
  const logits = await studies.currentLogits(modelKey(model), filmIds)
  // A label may have been taken away since the set was fixed.
  const rows = (await studies.rows([...filmIds])).filter(row => logits.has(row.id) && row.label !== null)
  const all = new Float32Array(rows.length * DIAGNOSES.length)
  rows.forEach((row, i) => all.set(logits.get(row.id)!, i * DIAGNOSES.length))
  const films = {
    classes: DIAGNOSES.length,
    filmIds: rows.map(({ id }) => id),
    truth: Uint8Array.from(rows, row => classIndex(row.label!)),
    logits: all,
    infants: numberInfants(rows.map(({ patientId }) => patientId))
  }
  return { films, rows }
}
