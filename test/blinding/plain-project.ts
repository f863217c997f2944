import { join } from 'node:path'
import { contentId, silentLogger, systemClock } from '../../src/core/foundation'
import { openProjectSession } from '../../src/core/services/project-session'
import type { openTestCore } from '../support/test-core'

export const DIAGNOSES = ['BPD', 'ALS', 'Atelectasis', 'Normal', 'RDS', 'TTN'] as const
export const filmOf = (infant: number, film: number) => contentId('film', `${infant}/${film}`)

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
  await session.studies.registerFilms(
    films.map(([infant, film]) => ({
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
      modifiedAt: '2024-05-01T10:00:00.000Z',
      fingerprint: `${infant}/${film}`,
      filmTime: `2024-01-01T0${1 + film}:00:00`,
      birthTime: '2024-01-01T00:00:00',
      sex: null,
      viewPosition: 'AP'
    }))
  )
  await session.labels.applyTable({
    name: 'labels.csv',
    entries: [{ filmId: filmOf(0, 1), patientId: null, line: 1, label: 'RDS' }]
  })
  await session.studies.setPredictions(
    films.map(([infant, film]) => ({
      filmId: filmOf(infant, film),
      modelHash: model!.hash,
      preprocessingHash: model!.preprocessing.hash,
      gaDays: null,
      bwGrams: null,
      logits: new Float32Array(6),
      probabilities: Float32Array.from(DIAGNOSES, (_, k) => (k === infant % 6 ? 0.5 : 0.1)),
      predicted: DIAGNOSES[infant % 6]!,
      confidence: 0.5,
      pooled: null,
      maps: null,
      mapGeometry: null,
      provider: 'cpu',
      createdAt: '2024-05-01T10:00:00.000Z'
    }))
  )
  await session.close()
  await client.project.open({ folder: project })
  return { films: films.filter(([, film]) => film === 0).map(([infant]) => filmOf(infant, 0)) }
}
