import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder'
import { DIAGNOSES } from '../domain'
import { contentId, silentLogger, systemClock } from '../foundation'
import { DEMO_PROTOCOL, readDemo } from './demo-readings'
import { openProjectSession, type OpenSession } from './project-session'

const FILMS = 80
const path = (film: number) => `site/${film}.dcm`
const truthOf = (film: number) => DIAGNOSES[film % 6]!

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let session: OpenSession
let truthFile: string

beforeAll(async () => {
  folder = await temporaryFolder('demo-readings')
  truthFile = join(folder.path, 'truth.json')
  const films = Array.from({ length: FILMS }, (_, film) => [path(film), { diagnosis: truthOf(film) }])
  await writeFile(truthFile, JSON.stringify({ films: Object.fromEntries(films) }))
  session = await openProjectSession({
    folder: join(folder.path, 'project'),
    target: { mode: 'create', name: 'Demo' },
    clock: systemClock,
    logger: silentLogger
  })
  await session.studies.registerFilms(
    Array.from({ length: FILMS }, (_, film) => ({
      id: contentId('film', `demo ${film}`),
      root: folder.path,
      path: path(film),
      rawPath: null,
      patientKey: `P${film}`,
      site: 'North',
      header: { format: 'dicom' } as never,
      byteSize: 1,
      modifiedAt: '2024-01-01T00:00:00.000Z',
      fingerprint: `demo ${film}`,
      filmTime: null,
      birthTime: null,
      sex: null,
      viewPosition: null
    }))
  )
})
afterAll(async () => {
  await session.close()
  await folder.remove()
})

describe('simulated readers of the demo', () => {
  it('read all films, some of them twice, err as readers do, and are named as what they are', async () => {
    await readDemo(session, truthFile)
    const [protocol] = await session.review.protocols()
    expect(protocol).toMatchObject({ name: DEMO_PROTOCOL, films: 40 })
    expect(protocol!.settings.readers.every(name => name.startsWith('Simulated'))).toBe(true)
    const readings = await session.review.readings(protocol!.id)
    const first = readings.filter(({ pass }) => pass === 'first')
    expect(first).toHaveLength(120)
    expect(readings.length).toBeGreaterThan(first.length)
    const films = new Map(
      Array.from({ length: FILMS }, (_, film) => [contentId('film', `demo ${film}`), film])
    )
    const right = first.filter(({ filmId, diagnosis }) => diagnosis === truthOf(films.get(filmId)!))
    expect(right.length / first.length).toBeGreaterThan(0.75)
    expect(right.length).toBeLessThan(first.length)
    expect(readings.every(({ seconds }) => seconds === null)).toBe(true)
  })

  it('read nothing twice when the demo is opened again', async () => {
    const before = await session.review.readings(null)
    await readDemo(session, truthFile)
    expect(await session.review.readings(null)).toEqual(before)
    expect(await session.review.verify()).toMatchObject({ intact: true })
  })
})
