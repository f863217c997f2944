import type { Rater } from '../../../contract'
import type { ReadFilm } from '../../agreement'
import { DIAGNOSES, gaBand, type Diagnosis } from '../../domain'
import { NeoGateError } from '../../foundation'
import type { Reading } from '../../review-store'
import type { FilmRow } from '../../study-store'
import type { CoreContext } from '../core-context'
import { modelKey } from '../inherited-features'
import { openProjectModel } from '../project-models'

/** Everybody who gave the films that were read a class, and what they said. */
export interface Panel {
  raters: Rater[]
  /** Class index by film id, for each rater. */
  answers: ReadonlyMap<string, number>[]
  /** Of the readers: 1 sure, 0 unsure. */
  sure: ReadonlyMap<string, boolean>[]
  /** Readers' second readings, by reader. */
  repeats: ReadonlyMap<string, ReadonlyMap<string, number>>
  rows: FilmRow[]
}

/**
 * Readers, the project's labels and the active model on the films of a protocol, or of all. Readings that were made knowing
 * what others or the model said are left out; of two first readings of one film by one reader the later stands.
 */
export async function readPanel(core: CoreContext, protocolName: string | null): Promise<Panel> {
  const { review, studies } = core.project()
  const protocol = protocolName === null ? null : await review.protocol(protocolName)
  const readings = (await review.readings(protocol?.id ?? null)).filter(({ afterReveal }) => !afterReveal)
  const rows = await studies.rows([...new Set(readings.map(({ filmId }) => filmId))].sort())
  const readers = [
    ...new Set(readings.filter(({ pass }) => pass === 'first').map(({ reader }) => reader))
  ].sort()
  const of = (reader: string, pass: Reading['pass']) =>
    readings.filter(reading => reading.reader === reader && reading.pass === pass)
  const classes = (found: readonly Reading[]) =>
    new Map(found.map(({ filmId, diagnosis }) => [filmId, DIAGNOSES.indexOf(diagnosis)]))
  const firsts = readers.map(reader => of(reader, 'first'))

  const model = await openProjectModel(core, null)
  const predicted = await studies.predictedBy(modelKey(model))
  const known = (valueOf: (row: FilmRow) => string | null | undefined) =>
    new Map(
      rows.flatMap(row => {
        const value = valueOf(row)
        return value ? [[row.id, DIAGNOSES.indexOf(value as Diagnosis)] as const] : []
      })
    )
  return {
    raters: [
      ...readers.map(name => ({ kind: 'reader' as const, name })),
      { kind: 'label', name: 'label' },
      { kind: 'model', name: model.card.name }
    ],
    answers: [...firsts.map(classes), known(({ label }) => label), known(({ id }) => predicted.get(id))],
    sure: firsts.map(found => new Map(found.map(({ filmId, certainty }) => [filmId, certainty === 'sure']))),
    repeats: new Map(readers.map(reader => [reader, classes(of(reader, 'repeat'))])),
    rows
  }
}

/** Place of a rater in the panel. @throws NeoGateError NOT_FOUND */
export function findRater({ raters }: Panel, { kind, name }: Rater): number {
  const place = raters.findIndex(rater => rater.kind === kind && (kind !== 'reader' || rater.name === name))
  if (place >= 0) return place
  throw new NeoGateError('NOT_FOUND', `${name} has read no film of this protocol.`, {
    field: 'rater',
    remedy: 'Choose one of the raters that the summary lists.'
  })
}

/** The films of the panel as some raters gave them classes, side by side. */
export function filmsOf({ rows }: Panel, answers: readonly ReadonlyMap<string, number>[]): ReadFilm[] {
  return rows.map(({ id, patientId, site, gaDays }) => ({
    id,
    patientId,
    site,
    gaBand: gaBand(gaDays),
    readings: answers.map(of => of.get(id) ?? null)
  }))
}

/** The readers' answers, with grades for one pair of classes: first sure 0, unsure 1, second unsure 2, sure 3. */
export function gradedFilms(panel: Panel, [first, second]: readonly [number, number]): ReadFilm[] {
  const readers = panel.sure.length
  return filmsOf(panel, panel.answers.slice(0, readers)).map(film => ({
    ...film,
    graded: film.readings.map((given, reader) => {
      const sure = panel.sure[reader]!.get(film.id)
      if (given === first) return sure ? 0 : 1
      return given === second ? (sure ? 3 : 2) : null
    })
  }))
}
