import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countTruth, planCohort } from '../demo'
import { readFilmFile } from '../dicom-intake'
import type { ChildPool } from '../foundation'
import { DEMO_MARK, demoMapping, makeDemo } from './demo'
import { demoWorkerHandlers, type DemoInfantCall } from './demo-worker'

const INFANTS = 20
const SEED = 7
/** Films of about 120 pixels: everything but the detail. */
const COARSER = 8

async function hashes(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
  const pairs = await Promise.all(
    files.map(
      async file =>
        [
          relative(folder, file),
          createHash('sha256')
            .update(await readFile(file))
            .digest('hex')
        ] as const
    )
  )
  return Object.fromEntries(pairs.sort())
}

/** Runs the handler here, the last infant first, as children might that finish in any order. */
function backwardPool(): ChildPool {
  let line = Promise.resolve<unknown>(undefined)
  const calls: (() => Promise<unknown>)[] = []
  return {
    call: (method, payload, options = {}) =>
      new Promise((resolve, reject) => {
        calls.push(() =>
          demoWorkerHandlers[method as 'drawDemoInfant'](payload as DemoInfantCall, {
            signal: options.signal ?? new AbortController().signal
          }).then(resolve as () => void, reject)
        )
        line = line.then(() => new Promise(setImmediate)).then(() => calls.pop()!())
      }),
    close() {}
  }
}

describe('makeDemo', () => {
  let root: string
  let made: string
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'neogate-demo-'))
    made = join(root, 'made')
    await makeDemo({ folder: made, infants: INFANTS, seed: SEED, coarser: COARSER })
  }, 120_000)
  afterAll(() => rm(root, { recursive: true }))

  it('gives the same bytes for the same seed, whatever draws them and in whatever order', async () => {
    const folder = join(root, 'again')
    const seen: number[] = []
    const result = await makeDemo({
      folder,
      infants: INFANTS,
      seed: SEED,
      coarser: COARSER,
      pool: backwardPool(),
      onProgress: ({ done, total }) => void seen.push(done / total)
    })
    expect(await hashes(folder)).toEqual(await hashes(made))
    expect(seen).toHaveLength(INFANTS)
    expect(seen.at(-1)).toBe(1)
    expect(result).toMatchObject({ infants: INFANTS, ...countTruth(planCohort(INFANTS, SEED)) })
  }, 120_000)

  it('writes every planned film, marked as synthetic, with the header its site would write', async () => {
    const formats = new Set<string>()
    for (const infant of planCohort(INFANTS, SEED)) {
      for (const film of infant.films) {
        const { header } = await readFilmFile(join(made, film.path))
        formats.add(
          `${header.format} ${header.transferSyntax} ${header.photometric} ${header.windows.length}`
        )
        if (header.format !== 'dicom') continue
        expect(header).toMatchObject({
          modality: 'CR',
          patientId: infant.patient,
          sex: infant.sex,
          viewPosition: 'AP',
          bodyPart: 'CHEST',
          burnedInAnnotation: true,
          sopInstanceUid: film.uid.instance
        })
        expect(header.patientName).toMatch(/^SYNTHETIC\^/)
        expect(header.institution).toMatch(/^Synthetic /)
        expect(header.acquiredAt).toContain(film.takenAt)
      }
    }
    expect([...formats].sort()).toEqual([
      'dicom 1.2.840.10008.1.2 MONOCHROME1 0',
      'dicom 1.2.840.10008.1.2.1 MONOCHROME2 0',
      'dicom 1.2.840.10008.1.2.1 MONOCHROME2 1',
      'dicom 1.2.840.10008.1.2.4.70 MONOCHROME2 3',
      expect.stringMatching(/^png /)
    ])
  })

  it('writes one row per film whose label the mapping knows, and a truth that names the planted errors', async () => {
    const infants = planCohort(INFANTS, SEED)
    const text = await readFile(join(made, 'labels.csv'), 'utf8')
    const [head, ...rows] = text.replace('\uFEFF', '').trimEnd().split('\r\n')
    const columns = head!.split(',')
    const { labels, columns: bound } = demoMapping()
    for (const column of Object.values(bound)) expect(columns).toContain(column)
    const films = infants.flatMap(infant => infant.films)
    expect(rows).toHaveLength(films.length)
    const written = new Map(rows.map(row => row.split(',')).map(cells => [cells[0], cells.at(-1)!]))
    for (const film of films) expect(labels[written.get(film.path)!.toLowerCase()]).toBe(film.labelled)

    const truth = JSON.parse(await readFile(join(made, 'truth.json'), 'utf8')) as {
      films: Record<string, { diagnosis: string; labelled: string; errors: { field: string }[] }>
    }
    for (const film of films) {
      const entry = truth.films[film.path]!
      expect(entry.diagnosis).toBe(film.diagnosis)
      expect(entry.errors.some(error => error.field === 'label')).toBe(film.labelled !== film.diagnosis)
    }
  })

  it('replaces a demo, other files staying', async () => {
    const folder = join(root, 'replaced')
    await makeDemo({ folder, infants: 8, seed: 1, coarser: COARSER })
    await writeFile(join(folder, 'notes.txt'), 'mine')
    await makeDemo({ folder, infants: 6, seed: 2, coarser: COARSER })
    const files = Object.keys(await hashes(folder))
    const wanted = planCohort(6, 2).flatMap(infant => infant.films.map(film => film.path))
    expect(files.sort()).toEqual([...wanted, DEMO_MARK, 'labels.csv', 'truth.json', 'notes.txt'].sort())
  }, 120_000)

  it('refuses a folder that holds something else, and touches nothing in it', async () => {
    const folder = await mkdtemp(join(root, 'other-'))
    await writeFile(join(folder, 'film.dcm'), 'real')
    await expect(makeDemo({ folder, infants: 6, seed: 1 })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      detail: { file: folder, field: 'folder' }
    })
    expect(await readdir(folder)).toEqual(['film.dcm'])
    await expect(makeDemo({ folder: join(folder, 'film.dcm'), infants: 6, seed: 1 })).rejects.toMatchObject({
      code: 'INVALID_INPUT'
    })
  })

  it('stops when cancelled, and the folder can be made again', async () => {
    const folder = join(root, 'cancelled')
    const stop = new AbortController()
    const running = makeDemo({
      folder,
      infants: 10,
      seed: 3,
      coarser: COARSER,
      signal: stop.signal,
      onProgress: () => stop.abort()
    })
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await readdir(folder)).not.toContain('labels.csv')
    await makeDemo({ folder, infants: 6, seed: 3, coarser: COARSER })
    expect(await readdir(folder)).toContain('labels.csv')
  }, 120_000)

  it('says which file did not fit on a full disk, and finishes once there is room', async context => {
    const folder = await mkdtemp(join(root, 'small-disk-'))
    const mounted = mount('-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', folder)
    if (!mounted) {
      console.warn('SKIPPED: mounting a disk of 512 KiB, to fill it, needs root on Linux.')
      return context.skip()
    }
    try {
      const request = { folder, infants: 12, seed: 3, coarser: COARSER }
      const failure = await makeDemo(request).catch((error: unknown) => error)
      expect(failure).toMatchObject({
        code: 'DISK_FULL',
        detail: { file: expect.stringContaining(folder), remedy: expect.any(String) }
      })
      const whole = planCohort(12, 3).flatMap(infant => infant.films.map(film => film.path))
      const files = Object.keys(await hashes(folder))
      expect(files).toContain(DEMO_MARK)
      expect(files).not.toContain('truth.json')
      expect(files.length).toBeGreaterThan(3)
      expect(files.length).toBeLessThan(whole.length)
      expect(mount('-o', 'remount,size=64m', folder)).toBe(true)
      expect((await makeDemo(request)).films).toBe(whole.length)
    } finally {
      spawnSync('umount', [folder])
    }
  }, 120_000)
})

/** @returns false where this user or system cannot mount */
const mount = (...args: string[]) =>
  process.platform === 'linux' && spawnSync('mount', args, { stdio: 'ignore' }).status === 0
