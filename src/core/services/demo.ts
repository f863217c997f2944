import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { countTruth, demoTable, demoTruth, planCohort, SITES, type PlannedInfant } from '../demo'
import { fromSystemError, NeoGateError, type ChildPool } from '../foundation'
import { drawDemoInfant, type DemoInfantCall } from './demo-worker'
import type { Mapping } from '../../contract'

/** What a fresh machine shows: small enough to be drawn in seconds. */
export const FIRST_START_DEMO = { infants: 30, seed: 1 } as const

export const DEMO_TABLE = 'labels.csv'
export const DEMO_TRUTH = 'truth.json'
/** Marks a folder as made by this generator, and says from what; written first, so that a half-made demo is known too. */
export const DEMO_MARK = 'SYNTHETIC.txt'
const MARK_PATTERN = /^NeoGate demo, seed (\d+), (\d+) infants$/

/** One infant's films take about a second; a child that needs this long hangs. */
const INFANT_LIMIT_MS = 120_000
/** Infants handed to the pool at a time: enough to keep every child busy, and a short line to cancel. */
const CALLS_IN_FLIGHT = 8

export interface DemoRequest {
  folder: string
  infants: number
  seed: number
  signal?: AbortSignal
  /** Called after every infant, in films. */
  onProgress?: (progress: { done: number; total: number }) => void
  /** Draws every film this many times coarser (1): many small files for tests and benches. */
  coarser?: number
  /** Children of role 'film' to draw in; without it the films are drawn here. */
  pool?: ChildPool
}

export interface DemoResult {
  folder: string
  infants: number
  films: number
  /** Absolute paths. */
  table: string
  truth: string
  wrongLabels: number
  wrongContexts: number
}

/** How the demo's table binds to fields: what the mapping wizard would end up with. */
export function demoMapping(): Mapping {
  return {
    columns: {
      imageKey: 'image',
      patientKey: 'patient_id',
      site: 'hospital',
      gaWeeks: 'gaw',
      gaExtraDays: 'gawd',
      bw: 'bwei',
      sex: 'sex',
      birthTime: 'birth_datetime',
      filmTime: 'film_datetime',
      label: 'diagnosis',
      viewPosition: 'view'
    },
    imageKeyKind: 'path',
    gaUnit: 'weeks+days',
    bwUnit: 'g',
    labels: Object.fromEntries(
      SITES.flatMap(site =>
        Object.entries(site.labels).map(([diagnosis, written]) => [
          written.trim().toLowerCase(),
          diagnosis as Mapping['labels'][string]
        ])
      )
    ),
    sexes: { '1': 'M', '2': 'F' },
    defaultSite: null
  }
}

const markText = (infants: number, seed: number) =>
  [
    `NeoGate demo, seed ${seed}, ${infants} infants`,
    '',
    'Every film in this folder was drawn by a program. No patient was exposed and none is shown.',
    `${DEMO_TABLE} holds what a ward might have entered, mistakes included; ${DEMO_TRUTH} tells what is true.`,
    'Research use only. Not for diagnosis.',
    ''
  ].join('\n')

/** Refuses a folder that holds anything but a demo, and clears away the demo that it does hold. */
async function prepareFolder(folder: string): Promise<void> {
  let entries: string[]
  try {
    await mkdir(folder, { recursive: true })
    entries = await readdir(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw fromSystemError(error, folder)
    throw new NeoGateError('INVALID_INPUT', `${folder} is a file, not a folder.`, {
      file: folder,
      field: 'folder',
      remedy: 'Name a new or empty folder.'
    })
  }
  if (entries.length === 0) return
  const mark = await readFile(join(folder, DEMO_MARK), 'utf8').catch(() => '')
  const made = MARK_PATTERN.exec(mark.split('\n', 1)[0]!)
  if (!made) {
    throw new NeoGateError('INVALID_INPUT', `${folder} is not empty and holds no NeoGate demo.`, {
      file: folder,
      field: 'folder',
      remedy: 'Name a new or empty folder; nothing in this one was touched.'
    })
  }
  await removeDemo(folder, planCohort(Number(made[2]), Number(made[1])))
}

/** Removes the files of a demo, and then those of its folders that are empty. Files of others stay. */
async function removeDemo(folder: string, infants: readonly PlannedInfant[]): Promise<void> {
  const paths = infants.flatMap(infant => infant.films.map(film => film.path))
  const folders = new Set<string>()
  for (const path of paths) {
    for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) folders.add(parent)
  }
  try {
    for (const path of [...paths, DEMO_TABLE, DEMO_TRUTH]) await rm(join(folder, path), { force: true })
  } catch (error) {
    throw fromSystemError(error, folder)
  }
  for (const path of [...folders].sort((a, b) => b.length - a.length)) {
    await rmdir(join(folder, path)).catch(() => {})
  }
}

async function writeText(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    throw fromSystemError(error, file)
  }
}

/** Draws all infants, in the pool's children or one after the other here; the first failure stops the rest. */
async function drawInfants(
  request: DemoRequest,
  folder: string,
  infants: readonly PlannedInfant[]
): Promise<void> {
  const { pool, onProgress } = request
  const total = infants.reduce((sum, infant) => sum + infant.films.length, 0)
  let done = 0
  const stop = new AbortController()
  const onAbort = () => stop.abort()
  request.signal?.addEventListener('abort', onAbort, { once: true })
  if (request.signal?.aborted) stop.abort()
  const draw = async (infant: PlannedInfant) => {
    const call: DemoInfantCall = { folder, infant, coarser: request.coarser ?? 1 }
    if (pool) {
      await pool.call('drawDemoInfant', call, {
        signal: stop.signal,
        timeoutMs: INFANT_LIMIT_MS,
        priority: -1
      })
    } else await drawDemoInfant(call, { signal: stop.signal })
    done += infant.films.length
    onProgress?.({ done, total })
  }
  let next = 0
  const lane = async () => {
    while (next < infants.length) await draw(infants[next++]!)
  }
  let failure: unknown = null
  try {
    await Promise.all(
      Array.from({ length: pool ? CALLS_IN_FLIGHT : 1 }, () =>
        lane().catch((error: unknown) => {
          failure ??= error
          stop.abort()
        })
      )
    )
    if (failure) throw failure
  } finally {
    request.signal?.removeEventListener('abort', onAbort)
  }
}

/**
 * Makes a demo: films of several sites below `folder`, one table, and the truth behind it. The same seed and number of
 * infants give the same bytes, whatever draws them. A demo already in the folder is replaced.
 * @throws NeoGateError INVALID_INPUT for a folder with other things in it; CANCELLED; DISK_FULL. Films already written
 * stay, and the folder can be made again.
 */
export async function makeDemo(request: DemoRequest): Promise<DemoResult> {
  const folder = resolve(request.folder)
  const { infants: count, seed } = request
  await prepareFolder(folder)
  await writeText(join(folder, DEMO_MARK), markText(count, seed))
  const infants = planCohort(count, seed)
  await drawInfants(request, folder, infants)
  const table = join(folder, DEMO_TABLE)
  const truth = join(folder, DEMO_TRUTH)
  await writeText(table, demoTable(infants))
  await writeText(truth, demoTruth(infants, seed))
  return { folder, infants: count, table, truth, ...countTruth(infants) }
}
