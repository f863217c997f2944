import type { Row, ValueSource } from '../database'
import type { ClinicalContext } from '../domain'
import type { LabelValue } from './types'

/**
 * What an entry of the history records before and after: the value and whose it is, so that taking a change back also
 * gives the value back to whoever had set it. A label that was taken away has a null diagnosis.
 */
export interface LabelState {
  diagnosis: string | null
  certainty: string | null
  comment: string
  reader: string | null
  source: ValueSource | null
}

export interface ContextState extends ClinicalContext {
  gaSource: ValueSource | null
  bwSource: ValueSource | null
  sexSource: ValueSource | null
}

export function labelStateOf(
  film: Pick<Row<'film'>, 'label' | 'certainty' | 'comment' | 'label_reader' | 'label_source'>
): LabelState {
  return {
    diagnosis: film.label,
    certainty: film.certainty,
    comment: film.comment ?? '',
    reader: film.label_reader,
    source: film.label_source
  }
}

export function filmColumnsOf(state: LabelState) {
  return {
    label: state.diagnosis,
    certainty: state.certainty,
    comment: state.comment === '' ? null : state.comment,
    label_reader: state.reader,
    label_source: state.source
  }
}

export function labelStateFrom(value: LabelValue | null, reader: string, source: ValueSource): LabelState {
  return {
    diagnosis: value?.diagnosis ?? null,
    certainty: value?.certainty ?? null,
    comment: value?.comment ?? '',
    reader,
    source
  }
}

/** Values that differ from the old ones are the reader's from then on. */
export function contextStateFrom(value: ClinicalContext, old: ContextState): ContextState {
  const { gaDays, bwGrams, sex } = value
  return {
    gaDays,
    bwGrams,
    sex,
    gaSource: gaDays === old.gaDays ? old.gaSource : 'reader',
    bwSource: bwGrams === old.bwGrams ? old.bwSource : 'reader',
    sexSource: sex === old.sex ? old.sexSource : 'reader'
  }
}

export function sameLabel(a: LabelState, b: LabelState): boolean {
  return (
    a.diagnosis === b.diagnosis &&
    a.certainty === b.certainty &&
    a.comment === b.comment &&
    a.reader === b.reader &&
    a.source === b.source
  )
}

export function contextStateOfPatient(
  patient: Pick<Row<'patient'>, 'ga_days' | 'bw_grams' | 'sex' | 'ga_source' | 'bw_source' | 'sex_source'>
): ContextState {
  return {
    gaDays: patient.ga_days,
    bwGrams: patient.bw_grams,
    sex: patient.sex,
    gaSource: patient.ga_source,
    bwSource: patient.bw_source,
    sexSource: patient.sex_source
  }
}

/** A sex that only the files say follows the files: they may have been read again since the entry was made. */
function isFromFile(source: ValueSource | null): boolean {
  return source === null || source === 'file'
}

/** @param fileSex what the infant's files say today */
export function patientColumnsOf(state: ContextState, fileSex: 'M' | 'F' | null) {
  const followFile = isFromFile(state.sexSource)
  return {
    ga_days: state.gaDays,
    bw_grams: state.bwGrams,
    sex: followFile ? fileSex : state.sex,
    ga_source: state.gaSource,
    bw_source: state.bwSource,
    sex_source: followFile ? (fileSex ? ('file' as const) : null) : state.sexSource
  }
}

export function sameContext(a: ContextState, b: ContextState): boolean {
  return (
    a.gaDays === b.gaDays &&
    a.bwGrams === b.bwGrams &&
    a.gaSource === b.gaSource &&
    a.bwSource === b.bwSource &&
    ((isFromFile(a.sexSource) && isFromFile(b.sexSource)) || (a.sex === b.sex && a.sexSource === b.sexSource))
  )
}
