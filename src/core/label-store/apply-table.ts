import type { Connection, ContextStateOf } from '../database'
import { sameTags, type TagState } from './film-tags'
import { append, type Draft } from './hash-chain'
import { createPace } from './pace'
import { labelStateFrom, sameContext, type ContextState, type LabelState } from './states'
import { readFilms, readPatients } from './subjects'
import type { KeptValue, LabelValue, TableEntry, TableOutcome } from './types'
import { showEntries } from './write-together'

type Field = 'gaDays' | 'bwGrams' | 'sex'
const FIELDS = [
  { field: 'gaDays', source: 'gaSource' },
  { field: 'bwGrams', source: 'bwSource' },
  { field: 'sex', source: 'sexSource' }
] as const satisfies { field: Field; source: keyof ContextState }[]

/**
 * Applies the rows of a table; call it inside a transaction. Values already current write nothing, so that a second import
 * of the same table leaves the history as it is. A value that a reader set stays. Where two rows say different things of
 * one infant or film, the first holds.
 */
export async function applyEntries(
  db: Connection,
  table: { name: string; entries: readonly TableEntry[]; at: string },
  contextStateOf: ContextStateOf
): Promise<TableOutcome> {
  const reader = `import: ${table.name}`
  const source = 'import' as const
  const films = await readFilms(
    db,
    table.entries.flatMap(entry => (entry.filmId === null ? [] : [entry.filmId]))
  )
  const patients = await readPatients(
    db,
    table.entries.flatMap(entry => (entry.patientId === null ? [] : [entry.patientId]))
  )

  const kept: KeptValue[] = []
  const labels = new Map<string, { value: LabelValue; write: boolean }>()
  const tags = new Map<string, { value: string[]; write: boolean }>()
  const contexts = new Map<string, { state: ContextState; said: Map<Field, unknown> }>()
  let unchanged = 0
  for (const entry of table.entries) {
    const keptBefore = kept.length
    let changes = 0

    const film = entry.filmId === null ? undefined : films.get(entry.filmId)
    if (film && entry.label) {
      const earlier = labels.get(film.id)
      if (earlier) {
        if (!sameValue(earlier.value, labelOf(entry)!)) {
          kept.push({ line: entry.line, subjectId: film.id, field: 'label', because: 'earlier-row' })
        }
      } else {
        const value = labelOf(entry)!
        const differs = !sameValue(film.state, value)
        const byReader = film.state.source === 'reader'
        labels.set(film.id, { value, write: differs && !byReader })
        if (differs && byReader) {
          kept.push({ line: entry.line, subjectId: film.id, field: 'label', because: 'reader' })
        } else if (differs) changes++
      }
    }

    if (film && entry.tags) {
      const earlier = tags.get(film.id)
      const keep = (because: KeptValue['because']) =>
        kept.push({ line: entry.line, subjectId: film.id, field: 'tags', because })
      if (earlier) {
        if (!sameTags(earlier.value, entry.tags)) keep('earlier-row')
      } else {
        const differs = !sameTags(film.tagState.tags, entry.tags)
        const byReader = film.tagState.source === 'reader'
        tags.set(film.id, { value: entry.tags, write: differs && !byReader })
        if (differs && byReader) keep('reader')
        else if (differs) changes++
      }
    }

    const patient = entry.patientId === null ? undefined : patients.get(entry.patientId)
    if (patient) {
      const context = contexts.get(patient.id) ?? { state: { ...patient.state }, said: new Map() }
      contexts.set(patient.id, context)
      for (const { field, source: sourceField } of FIELDS) {
        const value = entry[field]
        if (value === undefined || value === null) continue
        if (context.said.has(field)) {
          if (context.said.get(field) !== value) {
            kept.push({ line: entry.line, subjectId: patient.id, field, because: 'earlier-row' })
          }
          continue
        }
        context.said.set(field, value)
        if (context.state[field] === value) continue
        if (context.state[sourceField] === 'reader') {
          kept.push({ line: entry.line, subjectId: patient.id, field, because: 'reader' })
          continue
        }
        Object.assign(context.state, { [field]: value, [sourceField]: source })
        changes++
      }
    }
    if (changes === 0 && kept.length === keptBefore) unchanged++
  }

  const filmIds = [...labels].flatMap(([id, label]) => (label.write ? [id] : []))
  const taggedIds = [...tags].flatMap(([id, each]) => (each.write ? [id] : []))
  const patientIds = [...contexts].flatMap(([id, { state }]) =>
    sameContext(patients.get(id)!.state, state) ? [] : [id]
  )
  const common = { at: table.at, reader, source, reason: '' }
  const newLabel = (id: string) => labelStateFrom(labels.get(id)!.value, reader, source)
  const newTags = (id: string): TagState => ({ tags: tags.get(id)!.value, reader, source })
  const drafts: Draft[] = [
    ...patientIds.map(id => ({
      ...common,
      kind: 'clinical-context' as const,
      subject_id: id,
      old_json: JSON.stringify(patients.get(id)!.state),
      new_json: JSON.stringify(contexts.get(id)!.state)
    })),
    ...filmIds.map(id => ({
      ...common,
      kind: 'label' as const,
      subject_id: id,
      old_json: JSON.stringify(films.get(id)!.state),
      new_json: JSON.stringify(newLabel(id))
    })),
    ...taggedIds.map(id => ({
      ...common,
      kind: 'tags' as const,
      subject_id: id,
      old_json: JSON.stringify(films.get(id)!.tagState),
      new_json: JSON.stringify(newTags(id))
    }))
  ]
  await showEntries(db, await append(db, drafts), contextStateOf, createPace())
  return {
    applied: drafts.length,
    unchanged,
    kept,
    filmIds: [...new Set([...filmIds, ...taggedIds])],
    patientIds
  }
}

function labelOf(entry: TableEntry): LabelValue | null {
  if (!entry.label) return null
  return { diagnosis: entry.label, certainty: entry.certainty ?? 'sure', comment: entry.comment ?? '' }
}

/** Whether a table says of a film what holds already; whose the value is does not matter to a table. */
function sameValue(a: LabelValue | LabelState, b: LabelValue): boolean {
  return a.diagnosis === b.diagnosis && a.certainty === b.certainty && a.comment === b.comment
}
