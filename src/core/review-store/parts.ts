import type { Connection, Row } from '../database'
import { repeatsOf } from './claims'
import { readTasks, toTask } from './rows'
import type { Protocol, ReaderPart } from './types'

type Task = Row<'reading_task'>

/** See ReviewStore.part. */
export async function readPart(
  db: Connection,
  protocol: Protocol,
  reader: string
): Promise<ReaderPart | null> {
  if (protocol.closedAt !== null) return null
  const tasks = await readTasks(db, protocol.id)
  const mine = tasks.filter(task => task.reader === reader)
  const firsts = mine.filter(({ pass }) => pass === 'first')
  const takesPart = isNamed(protocol, reader) || firsts.length > 0
  if (!takesPart && mine.length === 0) return null
  const read = firsts.filter(({ done_at }) => done_at !== null)
  const comesAgain = repeatsOf(protocol, reader)
  const repeated = new Set(
    mine.filter(({ pass, done_at }) => pass === 'repeat' && done_at !== null).map(({ film_id }) => film_id)
  )
  return {
    pending: takesPart ? await pendingFilms(db, protocol, reader, tasks) : [],
    committed: read.map(({ film_id }) => film_id),
    inHand: mine.filter(({ done_at }) => done_at === null).map(toTask),
    repeatsLeft: read.filter(({ film_id }) => comesAgain(film_id) && !repeated.has(film_id)).length
  }
}

function isNamed({ settings: { readers, assignment } }: Protocol, reader: string): boolean {
  if (readers.length > 0) return readers.includes(reader)
  return assignment.kind === 'by-site' && Object.values(assignment.sites).some(of => of.includes(reader))
}

async function pendingFilms(
  db: Connection,
  { id: protocolId, settings: { assignment } }: Protocol,
  reader: string,
  tasks: readonly Task[]
): Promise<string[]> {
  const byOthers = new Map<string, number>()
  const mine = new Map<string, Task>()
  for (const task of tasks) {
    if (task.pass !== 'first') continue
    if (task.reader === reader) mine.set(task.film_id, task)
    else if (task.done_at !== null) byOthers.set(task.film_id, (byOthers.get(task.film_id) ?? 0) + 1)
  }
  const places = assignment.kind === 'all' ? Infinity : assignment.kind === 'some' ? assignment.readers : 1
  const isMine = (site: string) =>
    assignment.kind !== 'by-site' || (assignment.sites[site]?.includes(reader) ?? false)
  const films = await db
    .selectFrom('protocol_film')
    .innerJoin('film', 'film.id', 'protocol_film.film_id')
    .select(['film.id', 'film.site'])
    .where('protocol_id', '=', protocolId)
    .where('film.missing', '=', 0)
    .orderBy('position')
    .execute()
  return films.flatMap(({ id, site }) => {
    const held = mine.get(id)
    if (held) return held.done_at === null ? [id] : []
    return isMine(site) && (byOthers.get(id) ?? 0) < places ? [id] : []
  })
}
