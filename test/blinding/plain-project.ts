import { join } from 'node:path'
import { silentLogger, systemClock } from '../../src/core/foundation'
import { openProjectSession } from '../../src/core/services/project-session'
import type { openTestCore } from '../support/test-core'
import { bareFilm, barePrediction, DIAGNOSES, filmOf } from './films'

export interface Plain {
  /** Without a label: the queue of unlabelled films, in its order. */
  films: string[]
}

/** Six infants; the first has two films, of which one is labelled; the other infants' films have no label. All are predicted. */
export async function fillPlain(
  { client }: Awaited<ReturnType<typeof openTestCore>>,
  folder: string
): Promise<Plain> {
  const [model] = await client.models.list()
  await client.project.close()
  const project = join(folder, 'project')
  const session = await openProjectSession({
    folder: project,
    target: { mode: 'open' },
    clock: systemClock,
    logger: silentLogger
  })
  const films = [
    [0, 0],
    [0, 1],
    [1, 0],
    [2, 0],
    [3, 0],
    [4, 0],
    [5, 0]
  ] as const
  await session.studies.registerFilms(films.map(([infant, film]) => bareFilm(infant, film)))
  await session.labels.applyTable({
    name: 'labels.csv',
    entries: [{ filmId: filmOf(0, 1), patientId: null, line: 1, label: 'RDS' }]
  })
  await session.studies.setPredictions(
    films.map(([infant, film]) => barePrediction(filmOf(infant, film), model!, DIAGNOSES[infant % 6]!, 0.5))
  )
  await session.close()
  await client.project.open({ folder: project })
  return { films: films.filter(([, film]) => film === 0).map(([infant]) => filmOf(infant, 0)) }
}
