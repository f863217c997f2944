import { BATCH, type Connection } from '../database'
import { NeoGateError } from '../foundation'
import type { Draft } from './hash-chain'
import type { Pace } from './pace'
import { contextStateFrom, labelStateFrom, sameContext, sameLabel } from './states'
import { readFilms, readPatients } from './subjects'
import type { BulkChange } from './types'

/**
 * The entries that a bulk change makes; what is as wanted already makes none.
 * @throws NeoGateError CONFLICT, NOT_FOUND
 */
export async function bulkDrafts(
  db: Connection,
  change: BulkChange,
  at: string,
  pace: Pace
): Promise<Draft[]> {
  const { labels, contexts, seen, reader, reason } = change
  pace.begin(labels.length + contexts.length)
  const films = await readFilms(
    db,
    labels.map(({ filmId }) => filmId),
    pace
  )
  const patients = await readPatients(db, [
    ...new Set([...contexts.map(({ patientId }) => patientId), ...[...films.values()].map(f => f.patientId)])
  ])
  await pace.pass(contexts.length)
  const common = { at, reader, source: 'reader' as const, reason }
  const drafts: Draft[] = []
  let stale = 0
  for (const { filmId, value } of labels) {
    const film = films.get(filmId)!
    const { state } = film
    const next = labelStateFrom(value && { ...value, comment: state.comment }, reader, 'reader')
    if (sameLabel(state, next) || (state.diagnosis === null && next.diagnosis === null)) continue
    if (Math.max(film.revision, patients.get(film.patientId)!.revision) > seen) stale++
    drafts.push({
      ...common,
      kind: 'label',
      subject_id: filmId,
      old_json: JSON.stringify(state),
      new_json: JSON.stringify(next)
    })
    if (drafts.length % BATCH === 0) await pace.pass()
  }
  for (const { patientId, value } of contexts) {
    const { state, revision } = patients.get(patientId)!
    const next = contextStateFrom(value, state)
    if (sameContext(state, next)) continue
    if (revision > seen) stale++
    drafts.push({
      ...common,
      kind: 'clinical-context',
      subject_id: patientId,
      old_json: JSON.stringify(state),
      new_json: JSON.stringify(next)
    })
  }
  if (stale > 0) throw changedMeanwhile(stale)
  return drafts
}

function changedMeanwhile(count: number): NeoGateError {
  return new NeoGateError('CONFLICT', `${count} of these were changed by someone else in the meantime.`, {
    reason: 'changed-meanwhile',
    remedy: 'Look at the preview again; it shows the new values.'
  })
}
