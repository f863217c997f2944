import type { Connection, Row } from '../database'
import { freshId, hashName, NeoGateError, randomBits, type Clock } from '../foundation'
import { readTasks, toTask } from './rows'
import type { GivenTask, Protocol, ReadingPass } from './types'

const HOUR_MS = 3_600_000

/** Who has which film of a protocol, as its tasks say. All of it runs inside one transaction. */
interface Board {
  db: Connection
  protocol: Protocol
  reader: string
  now: number
  timestamp: string
  tasks: Row<'reading_task'>[]
}

async function openBoard(db: Connection, protocol: Protocol, reader: string, clock: Clock): Promise<Board> {
  if (protocol.closedAt !== null) {
    throw new NeoGateError('CONFLICT', `The protocol '${protocol.name}' is closed.`, {
      reason: 'protocol-closed',
      remedy: 'Choose another protocol, or make a new one.'
    })
  }
  const tasks = await readTasks(db, protocol.id)
  return { db, protocol, reader, now: clock.now(), timestamp: clock.timestamp(), tasks }
}

/** A film that was taken and neither read nor given back in time is free again. */
function isExpired({ protocol, now }: Board, task: Row<'reading_task'>): boolean {
  return task.done_at === null && now - Date.parse(task.claimed_at) > protocol.settings.claimHours * HOUR_MS
}

/** What the reader has in hand, also after a crash: it is given again before anything new. */
const inHand = ({ tasks, reader }: Board, passes: readonly ReadingPass[]) =>
  tasks.find(task => task.reader === reader && task.done_at === null && passes.includes(task.pass))

/** Takes a place; an expired holder loses it. */
async function take(board: Board, filmId: string, pass: ReadingPass, slot: string): Promise<GivenTask> {
  const { db, protocol, reader, timestamp, tasks } = board
  const lapsed = tasks.find(task => task.film_id === filmId && task.pass === pass && task.slot === slot)
  if (lapsed) await db.deleteFrom('reading_task').where('id', '=', lapsed.id).execute()
  const task: Row<'reading_task'> = {
    id: freshId(),
    protocol_id: protocol.id,
    film_id: filmId,
    pass,
    slot,
    reader,
    claimed_at: timestamp,
    done_at: null
  }
  await db.insertInto('reading_task').values(task).execute()
  return { ...toTask(task), again: false }
}

/** @throws NeoGateError CONFLICT where the protocol is closed or the reader does not take part */
export async function claimNext(
  db: Connection,
  protocol: Protocol,
  reader: string,
  clock: Clock
): Promise<GivenTask | null> {
  const board = await openBoard(db, protocol, reader, clock)
  requirePart(protocol, reader)
  const held = inHand(board, ['first', 'repeat'])
  if (held) return { ...toTask(held), again: true }
  const due = dueRepeat(board, protocol.settings.repeatGap)
  if (due) return take(board, due, 'repeat', reader)
  const films = await db
    .selectFrom('protocol_film')
    .innerJoin('film', 'film.id', 'protocol_film.film_id')
    .select(['film.id', 'film.site'])
    .where('protocol_id', '=', protocol.id)
    .where('film.missing', '=', 0)
    .orderBy('position')
    .execute()
  const placeAt = createPlaces(board)
  for (const film of films) {
    const slot = placeAt(film)
    if (slot !== null) return take(board, film.id, 'first', slot)
  }
  // Nothing new is left: what remains to be repeated comes at the end, whatever lies between.
  const last = dueRepeat(board, 0)
  return last === null ? null : take(board, last, 'repeat', reader)
}

export async function claimAdjudication(
  db: Connection,
  protocol: Protocol,
  reader: string,
  filmIds: readonly string[],
  clock: Clock
): Promise<GivenTask | null> {
  const board = await openBoard(db, protocol, reader, clock)
  const held = inHand(board, ['adjudication'])
  if (held) return { ...toTask(held), again: true }
  for (const filmId of filmIds) {
    const ofFilm = board.tasks.filter(task => task.film_id === filmId)
    const hasRead = ofFilm.some(task => task.reader === reader)
    const taken = ofFilm.some(task => task.pass === 'adjudication' && !isExpired(board, task))
    if (!hasRead && !taken) return take(board, filmId, 'adjudication', '1')
  }
  return null
}

function requirePart({ name, settings }: Protocol, reader: string): void {
  if (settings.readers.length === 0 || settings.readers.includes(reader)) return
  throw new NeoGateError('CONFLICT', `${reader} does not take part in the protocol '${name}'.`, {
    reason: 'not-a-participant',
    remedy: 'Read as one of its readers, or choose another protocol.'
  })
}

/** The free place at a film for this reader; null where there is none. */
function createPlaces(board: Board) {
  const { reader, protocol, tasks } = board
  const taken = new Map<string, Row<'reading_task'>[]>()
  for (const task of tasks) {
    if (task.pass !== 'first') continue
    const ofFilm = taken.get(task.film_id)
    if (ofFilm) ofFilm.push(task)
    else taken.set(task.film_id, [task])
  }
  const { assignment } = protocol.settings
  return ({ id, site }: { id: string; site: string }): string | null => {
    const ofFilm = taken.get(id) ?? []
    if (ofFilm.some(task => task.reader === reader)) return null
    if (assignment.kind === 'all') return reader
    if (assignment.kind === 'by-site' && !assignment.sites[site]?.includes(reader)) return null
    const places = assignment.kind === 'some' ? assignment.readers : 1
    for (let place = 1; place <= places; place++) {
      const holder = ofFilm.find(task => task.slot === String(place))
      if (!holder || isExpired(board, holder)) return String(place)
    }
    return null
  }
}

/** Whether a film comes a second time to this reader. */
export function repeatsOf(protocol: Protocol, reader: string): (filmId: string) => boolean {
  const stream = hashName(`repeat/${protocol.id}/${reader}`)
  return filmId =>
    randomBits(protocol.seed, stream, hashName(filmId)) / 2 ** 32 < protocol.settings.repeatShare
}

/**
 * The oldest of the reader's films that is to be read a second time and after which enough others were read. Which films
 * these are follows from the seed: the reader cannot know, and asking twice gives the same.
 */
function dueRepeat({ protocol, reader, tasks }: Board, gap: number): string | null {
  const mine = tasks
    .filter(task => task.reader === reader && task.pass === 'first' && task.done_at !== null)
    .sort((a, b) => (a.done_at! < b.done_at! ? -1 : 1))
  const repeated = new Set(
    tasks.filter(task => task.reader === reader && task.pass === 'repeat').map(task => task.film_id)
  )
  const isChosen = repeatsOf(protocol, reader)
  const due = mine.find(
    (task, index) => mine.length - 1 - index >= gap && isChosen(task.film_id) && !repeated.has(task.film_id)
  )
  return due?.film_id ?? null
}
