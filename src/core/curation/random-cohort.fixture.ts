import { DIAGNOSES } from '../domain'
import { createRandom } from '../foundation'
import type { CandidateFilm } from './candidates'

/** Rarest last but one, as in the wards: air leaks are few, RDS and normal films many. */
const CLASS_SHARES = [0.1, 0.02, 0.08, 0.3, 0.35, 0.15]

/** For tests and benches: infants of sites of unequal size, 1 to about 100 films each, most of them of one class. */
export function randomCohort(options: { infants: number; sites: number; seed: number }): CandidateFilm[] {
  const random = createRandom(options.seed, 'cohort')
  const films: CandidateFilm[] = []
  const drawClass = (at: number) => {
    let k = 0
    for (let left = at; k < CLASS_SHARES.length - 1 && left >= CLASS_SHARES[k]!; k++) left -= CLASS_SHARES[k]!
    return DIAGNOSES[k]!
  }
  for (let infant = 0; infant < options.infants; infant++) {
    const site = `site-${Math.floor(options.sites * random.next() ** 2)}`
    const main = random.next()
    const count = Math.max(1, Math.round(Math.exp(random.normal(1, 0.9))))
    for (let film = 0; film < count; film++) {
      const id = `film-${infant}-${film}`
      films.push({
        id,
        patientId: `infant-${infant}`,
        site,
        label: drawClass(random.chance(0.6) ? main : random.next()),
        missing: false,
        contextState: 'ok',
        gaDays: 200,
        bwGrams: 1200,
        fingerprint: id,
        pixels: null
      })
    }
  }
  return films
}
