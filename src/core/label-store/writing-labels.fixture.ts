/** Child of kill.test: labels films one after the other and tells its parent of every change that was acknowledged. */
import { DIAGNOSES } from '../domain'
import { systemClock } from '../foundation'
import { openProjectDatabase } from '../database'
import { createLabelStore } from './label-store'
import { stateOf } from './test-project.fixture'

const database = await openProjectDatabase({ folder: process.argv[2]!, mode: 'open' })
const labels = createLabelStore(database, systemClock, stateOf)
let turn = await labels.head()
for (;;) {
  turn++
  const filmId = `f${1 + (turn % 6)}`
  const revision = await labels.head()
  const entry =
    turn % 5 === 0
      ? await labels.setContext({
          patientId: `p${1 + (turn % 3)}`,
          value: { gaDays: 180 + (turn % 100), bwGrams: 900 + turn, sex: 'F' },
          revision,
          reader: 'Kim',
          reason: `turn ${turn}`
        })
      : await labels.setLabel({
          filmId,
          value: { diagnosis: DIAGNOSES[turn % 6]!, certainty: 'sure', comment: `turn ${turn}` },
          revision,
          reader: 'Kim'
        })
  if (entry) process.stdout.write(`${entry.seq} ${entry.hash}\n`)
}
