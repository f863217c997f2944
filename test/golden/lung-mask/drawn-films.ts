import { coarserFilm, drawFilm, lungField, planCohort } from '../../../src/core/demo'
import type { StoredFilm } from '../../../src/core/domain'

/** A drawn film, and its lungs as they were drawn. */
export interface DrawnLungs {
  film: StoredFilm
  truth: Uint8Array
}

/** The films of `infants` drawn infants, three times coarser than the demo's. */
export function* drawnLungs(infants: number, seed: number): Generator<DrawnLungs> {
  for (const infant of planCohort(infants, seed))
    for (const planned of infant.films) {
      const spec = coarserFilm(planned.spec, 3)
      const { rows, columns, values } = drawFilm(spec)
      const film: StoredFilm = {
        rows,
        columns,
        values,
        bitsStored: 12,
        signed: false,
        photometric: spec.detector.inverted ? 'MONOCHROME1' : 'MONOCHROME2',
        colour: false,
        modality: { kind: 'rescale', slope: 1, intercept: 0, unit: null },
        voi: [],
        spacing: null,
        padding: null
      }
      yield {
        film,
        truth: lungField(spec).values
      }
    }
}
