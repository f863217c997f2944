/**
 * Splits at the size of the largest published newborn series: making one, reading its films for training and checking it,
 * through the project's database, against one plain pass over the same rows.
 *
 *   npm run bench -- splits [INFANTS]
 */
import { createSplitStore, type SplitStore } from '../../src/core/curation'
import { randomCohort } from '../../src/core/curation/random-cohort.fixture'
import { makeProject, removeProject } from '../../src/core/curation/test-project.fixture'
import { systemClock } from '../../src/core/foundation'
import { inTurn, median } from './support/measure'

const ROUNDS = 5
const infants = Number(process.argv[2] ?? 10_700)
const films = randomCohort({ infants, sites: 10, seed: 1 })
const project = await makeProject(films)
try {
  const { kysely } = project.database
  const splits: SplitStore = createSplitStore(project.database, systemClock)
  const request = { name: null, proportions: null, seed: 1, extend: null, reader: 'bench' }
  await splits.make(request)
  const seconds = await inTurn(
    {
      'read all rows': () => kysely.selectFrom('film').selectAll().execute(),
      make: () => splits.make(request),
      'films for training': () => splits.trainingFilms('split-1'),
      check: () => splits.check('split-1')
    },
    ROUNDS
  )
  console.log(`${films.length} films of ${infants} infants, median of ${ROUNDS} rounds`)
  const plain = median(seconds['read all rows'])
  for (const [name, times] of Object.entries(seconds)) {
    const time = median(times)
    console.log(`${name.padEnd(20)}${time.toFixed(2)} s   ${(time / plain).toFixed(1)} x reading all rows`)
  }
} finally {
  await removeProject(project)
}
