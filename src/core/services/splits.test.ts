import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder'
import { DIAGNOSES } from '../domain'
import { contentId, createChildPool, forkChild, silentLogger, systemClock } from '../foundation'
import { patientIdOf } from '../study-store'
import { registerComparePixelsJobs } from './compare-pixels-job'
import type { CoreContext } from './core-context'
import { filmWorker } from './film-worker'
import { openProjectSession, type OpenSession } from './project-session'
import { createSplitsService, exportSplit } from './splits'

/** With real files and film children: from images on disk over the pixel job to the leak check and the export. */
const ENTRY = fileURLToPath(new URL('worker-entry.ts', import.meta.url))
const INFANTS = 8

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let core: CoreContext
let session: OpenSession
let service: ReturnType<typeof createSplitsService>

beforeAll(async () => {
  folder = await temporaryFolder('splits')
  const spawn = forkChild(ENTRY, ['--import', 'tsx'])
  const films = createChildPool({ spawn, role: 'film', size: 2, timeoutMs: 60_000 })
  session = await openProjectSession({
    folder: join(folder.path, 'project'),
    target: { mode: 'create', name: 'Test' },
    clock: systemClock,
    logger: silentLogger
  })
  core = {
    films,
    clock: systemClock,
    settings: { get: () => ({ readerName: '=Dr. Kim' }) } as CoreContext['settings'],
    project: () => session
  } as unknown as CoreContext
  registerComparePixelsJobs(core, session)
  service = createSplitsService(core)
  await makeStudy(join(folder.path, 'films'))
}, 120_000)

afterAll(async () => {
  await session.close()
  core.films.close()
  await folder.remove()
})

/** One film per infant; the last two infants have the same picture, compressed otherwise, and one file is damaged later. */
async function makeStudy(root: string): Promise<void> {
  await mkdir(root)
  const pictures = Array.from({ length: INFANTS }, (_, film) => Math.min(film, INFANTS - 2))
  const paths = await Promise.all(
    pictures.map(async (picture, film) => {
      const path = join(root, `film-${film}.png`)
      const pixels = Uint8Array.from(
        { length: 96 * 80 },
        (_, i) => 128 + 100 * Math.sin(i * 0.01 * (picture + 1))
      )
      await sharp(pixels, { raw: { width: 96, height: 80, channels: 1 } })
        .png({ compressionLevel: film === INFANTS - 1 ? 0 : 9 })
        .toFile(path)
      return path
    })
  )
  const index = await filmWorker(core.films).index(paths)
  const registrations = index.map((found, film) => {
    if ('refusal' in found) throw new Error(found.refusal.detail)
    return {
      ...found,
      id: contentId('film', found.fingerprint),
      root,
      path: basename(paths[film]!),
      rawPath: null,
      patientKey: `P${film}`,
      site: 'Seoul',
      filmTime: null,
      birthTime: null,
      sex: null,
      viewPosition: 'AP'
    }
  })
  await session.studies.registerFilms(registrations)
  await session.labels.applyTable({
    name: 'labels.csv',
    entries: registrations.map(({ id, patientKey, site }, line) => ({
      filmId: id,
      patientId: patientIdOf(site, patientKey),
      line,
      label: DIAGNOSES[line % 2]!
    }))
  })
  await writeFile(paths[0]!, 'damaged')
}

async function comparePixels() {
  const { jobId } = await service.comparePixels(undefined, {})
  for await (const job of session.jobs.watch(jobId)) void job
  return session.jobs.get(jobId)
}

describe('splits of a project with files', () => {
  it('finds the same picture in two files once pixels are compared, and splits it no more', async () => {
    const halves = { proportions: [34, 33, 33], extend: null }
    const apart = []
    for (let seed = 1; seed <= 8; seed++) {
      const { split } = await service.make({ name: `seed-${seed}`, seed, ...halves }, {})
      const before = await service.check({ split: split.name }, {})
      expect(before).toMatchObject({ passed: true, pixels: { compared: 0, films: INFANTS } })
      apart.push(split.name)
    }

    const job = await comparePixels()
    expect(job).toMatchObject({ state: 'done', summary: { compared: INFANTS - 1, refused: 1 } })
    expect((await comparePixels()).summary).toEqual({ compared: 0, refused: 0 })

    const leaking = []
    for (const split of apart) {
      const { passed, leaks } = await service.check({ split }, {})
      expect(leaks.map(({ kind }) => kind)).toEqual(passed ? [] : ['pixels'])
      if (!passed) leaking.push(split)
    }
    expect(leaking.length).toBeGreaterThan(0)

    for (let seed = 1; seed <= 8; seed++) {
      const { split } = await service.make({ name: `again-${seed}`, seed, ...halves }, {})
      expect(split.report.excluded).toMatchObject({ unreadable: 1 })
      expect(split.report.warnings).toContainEqual({
        code: 'linked-infants',
        diagnosis: null,
        side: null,
        count: 2
      })
      expect(await service.check({ split: split.name }, {})).toMatchObject({ passed: true })
    }
  })

  it('exports the manifest with the notice, and takes proportions that do not sum for a mistake', async () => {
    const { split } = await service.make({ name: null, seed: 1, proportions: null, extend: null }, {})
    const out = join(folder.path, 'split.csv')
    const written = await exportSplit(session, { split: split.id, out, format: 'csv' }, '')
    expect(written).toEqual({ out, films: INFANTS - 1, hash: split.hash })
    const [header, ...lines] = (await readFile(out, 'utf8')).trimEnd().split('\r\n')
    expect(header).toBe('\ufefffilmId,infantId,patientKey,site,path,label,side,notice')
    expect(lines).toHaveLength(INFANTS - 1)
    for (const line of lines) {
      expect(line).toMatch(/,(train|validation|test),Research use only\. Not for diagnosis\.$/)
    }
    await expect(
      service.make({ name: null, seed: 1, proportions: [80, 10, 20], extend: null }, {})
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', detail: { field: 'proportions' } })
  })

  it('tells who opened the test part', async () => {
    const { id } = (await service.list(undefined, {}))[0]!
    await session.splits.lockedTestFilms(id, { reader: 'Dr. Lee', reason: 'final table' })
    const { testAccesses } = await service.get({ split: id }, {})
    expect(testAccesses).toMatchObject([{ reader: 'Dr. Lee', reason: 'final table' }])
  })
})
