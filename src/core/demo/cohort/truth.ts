import type { PlannedInfant } from './plan-cohort'

export interface TruthCounts {
  films: number
  wrongLabels: number
  /** Infants whose GA or BW in the table is wrong; a missing value is not counted. */
  wrongContexts: number
}

export function countTruth(infants: readonly PlannedInfant[]): TruthCounts {
  const films = infants.flatMap(infant => infant.films)
  return {
    films: films.length,
    wrongLabels: films.filter(film => film.labelled !== film.diagnosis).length,
    wrongContexts: infants.filter(infant => infant.contextError !== null).length
  }
}

/** What the films really show and which errors were planted in the table, by path. */
export function demoTruth(infants: readonly PlannedInfant[], seed: number): string {
  const films = Object.fromEntries(
    infants.flatMap(infant =>
      infant.films.map(film => [
        film.path,
        {
          patient: infant.patient,
          site: infant.site,
          diagnosis: film.diagnosis,
          course: infant.course,
          gaDays: infant.gaDays,
          bwGrams: infant.bwGrams,
          sex: infant.sex,
          hours: Math.round(film.hours * 100) / 100,
          weightGrams: film.weightGrams,
          labelled: film.labelled,
          errors: [
            ...(film.labelled === film.diagnosis
              ? []
              : [{ field: 'label', given: film.labelled, is: film.diagnosis }]),
            ...(infant.contextError
              ? [{ field: 'context', kind: infant.contextError, given: infant.entered }]
              : []),
            ...(infant.weightMissing ? [{ field: 'context', kind: 'bw-missing', given: infant.entered }] : [])
          ],
          lungs: film.spec.lungs
        }
      ])
    )
  )
  return `${JSON.stringify({ synthetic: true, seed, infants: infants.length, ...countTruth(infants), films }, null, 1)}\n`
}
