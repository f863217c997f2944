/** Child of kill.test: two readers in turn read the films of a protocol; each saved reading is told to the parent. */
import { DIAGNOSES } from '../domain'
import { systemClock } from '../foundation'
import { openProjectDatabase } from '../database'
import { createReviewStore } from './review-store'

const database = await openProjectDatabase({ folder: process.argv[2]!, mode: 'open' })
const review = createReviewStore(database, systemClock)
const protocol = await review.protocol('kill')
const hidden = { model: true, others: true, own: true, context: false }
for (let turn = 0; ; turn++) {
  const reader = turn % 2 === 0 ? 'Kim' : 'Lee'
  const task = await review.claimNext(protocol, reader)
  if (!task) break
  const value = {
    diagnosis: DIAGNOSES[turn % 6]!,
    certainty: 'sure' as const,
    comment: '',
    reasonCodes: [],
    seconds: 3
  }
  const reading = await review.commit(task.id, reader, value, hidden)
  process.stdout.write(`${reading.seq} ${reading.hash} ${task.filmId}\n`)
}
// All is read: wait for the kill.
setInterval(() => {}, 1000)
