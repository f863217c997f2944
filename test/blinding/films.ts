import { contentId } from '../../src/core/foundation'
import type { ProjectSession } from '../../src/core/services/core-context'

export type NewFilm = Parameters<ProjectSession['studies']['registerFilms']>[0][number]
export type NewPrediction = Parameters<ProjectSession['studies']['setPredictions']>[0][number]

export const AT = '2024-05-01T10:00:00.000Z'
export const DIAGNOSES = ['BPD', 'ALS', 'Atelectasis', 'Normal', 'RDS', 'TTN'] as const
export const filmOf = (infant: number, film: number) => contentId('film', `${infant}/${film}`)

/** A film of nothing, an hour of life apart from the infant's others. */
export const bareFilm = (infant: number, film: number): NewFilm => ({
  id: filmOf(infant, film),
  root: '/films',
  path: `${infant}-${film}.png`,
  rawPath: null,
  patientKey: `P${infant}`,
  site: 'North',
  header: {
    format: 'png',
    modality: null,
    transferSyntax: null,
    institution: null,
    rows: 1,
    columns: 1
  } as never,
  byteSize: 1,
  modifiedAt: AT,
  fingerprint: `${infant}/${film}`,
  filmTime: `2024-01-01T0${1 + film}:00:00`,
  birthTime: '2024-01-01T00:00:00',
  sex: null,
  viewPosition: 'AP'
})

/** An answer without features or maps, given without GA and BW. */
export function barePrediction(
  filmId: string,
  model: { hash: string; preprocessing: { hash: string } },
  predicted: (typeof DIAGNOSES)[number],
  confidence: number
): NewPrediction {
  const probabilities = Float32Array.from(DIAGNOSES, name =>
    name === predicted ? confidence : (1 - confidence) / 5
  )
  return {
    filmId,
    modelHash: model.hash,
    preprocessingHash: model.preprocessing.hash,
    gaDays: null,
    bwGrams: null,
    logits: probabilities.map(Math.log),
    probabilities,
    predicted,
    confidence,
    pooled: null,
    maps: null,
    mapGeometry: null,
    provider: 'cpu',
    createdAt: AT
  }
}
