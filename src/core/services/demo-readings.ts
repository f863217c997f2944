import { readFile } from 'node:fs/promises'
import type { Diagnosis } from '../domain'
import { createRandom } from '../foundation'
import { randomAudit } from '../review-queue'
import type { Hidden, ProtocolSettings, ReadingValue } from '../review-store'
import type { ProjectSession } from './core-context'
import { allRows, toQueueFilm } from './review/facts'

/** Said in the names: nobody is to take these readings for those of people. */
export const DEMO_PROTOCOL = 'Simulated readers (synthetic)'
const READERS = [
  { name: 'Simulated reader A', right: 0.92 },
  { name: 'Simulated reader B', right: 0.86 },
  { name: 'Simulated reader C', right: 0.78 }
] as const
const FILMS = 40
const SEED = 1
const HIDDEN: Hidden = { model: true, others: true, own: true, context: false }

/** What a reader who errs takes each class for; TTN and RDS for one another most of all. */
const TAKEN_FOR: Record<Diagnosis, readonly Diagnosis[]> = {
  BPD: ['RDS', 'Atelectasis'],
  ALS: ['Normal', 'RDS'],
  Atelectasis: ['RDS', 'Normal', 'BPD'],
  Normal: ['TTN', 'TTN', 'Atelectasis'],
  RDS: ['TTN', 'TTN', 'BPD'],
  TTN: ['RDS', 'RDS', 'Normal']
}

const SETTINGS: Omit<ProtocolSettings, 'randomFrom'> = {
  queue: 'random-audit',
  assignment: { kind: 'all' },
  readers: READERS.map(({ name }) => name),
  hides: { model: true, others: true, context: false },
  repeatShare: 0.2,
  repeatGap: 10,
  randomShare: 1,
  commentWhenUnsure: false,
  labelsAtOnce: false,
  revealAfterCommit: false,
  claimHours: 1
}

/**
 * Lets three simulated readers read films of the demo, so that agreement, consensus and adjudication have something to show. Their
 * answers are drawn from the demo's truth with the errors that readers make. Goes on where it was cut short; does nothing
 * where it was done.
 * @param truthFile the demo's own truth, by the path of each film
 */
export async function readDemo(
  { review, studies, changes }: ProjectSession,
  truthFile: string
): Promise<void> {
  const truth = JSON.parse(await readFile(truthFile, 'utf8')) as {
    films: Record<string, { diagnosis: Diagnosis }>
  }
  const rows = (await allRows(studies)).filter(({ missing, path }) => !missing && truth.films[path])
  if (rows.length === 0) return
  const byId = new Map(rows.map(row => [row.id, row]))
  const known = (await review.protocols()).find(({ name }) => name === DEMO_PROTOCOL)
  const protocol =
    known ??
    (await review.makeProtocol({
      name: DEMO_PROTOCOL,
      createdBy: 'NeoGate',
      seed: SEED,
      settings: { ...SETTINGS, randomFrom: rows.length },
      films: randomAudit(rows.map(toQueueFilm), SEED)
        .slice(0, FILMS)
        .map(film => ({ ...film, random: true, label: byId.get(film.filmId)!.label as Diagnosis | null }))
    }))
  if (protocol.closedAt !== null) return
  let read = 0
  for (const { name, right } of READERS) {
    for (;;) {
      const task = await review.claimNext(protocol, name)
      if (!task) break
      const { diagnosis } = truth.films[byId.get(task.filmId)!.path]!
      await review.commit(
        task.id,
        name,
        answerOf(diagnosis, right, `${name}/${task.filmId}/${task.pass}`),
        HIDDEN
      )
      read++
    }
  }
  if (read > 0) changes.publish(['review'])
}

function answerOf(truth: Diagnosis, right: number, stream: string): ReadingValue {
  const random = createRandom(SEED, stream)
  const diagnosis = random.chance(right) ? truth : random.pick(TAKEN_FOR[truth])
  const hard = diagnosis === 'RDS' || diagnosis === 'TTN'
  return {
    diagnosis,
    certainty: random.chance(hard ? 0.3 : 0.1) ? 'unsure' : 'sure',
    comment: '',
    reasonCodes: [],
    seconds: null
  }
}
