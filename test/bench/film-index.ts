/**
 * Files per second of the index (header read and checked, both ends of the file hashed) with two children, against
 * `dcmdump -M +P 0010,0020` with one process and with two (-M: it would read all pixels otherwise), and against plainly
 * reading the first 64 KiB of every file. The files are of full length, with holes where the pixels would be, and in the
 * file cache: no disk is measured.
 *
 *   npm run bench -- index [--full | N]      8,000 files; --full: 43,338, the largest published newborn series
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filmWorker } from '../../src/core/services/film-worker'
import { command, filmChildren, hasTool, inTurn, median, timesFaster } from './support/measure'
import { headersLike, syntheticDicom, syntheticValues } from './support/synthetic-film'

const FULL = 43_338
const CHILDREN = 2
const FILES_PER_FOLDER = 500
/** As the import does it. */
const FILES_PER_CALL = 32
const CALLS_IN_FLIGHT = 12
const HEAD_BYTES = 64 * 1024
const ROUNDS = 3

/** @returns the folders made and every file's path */
async function makeFiles(root: string, total: number): Promise<{ folders: string[]; paths: string[] }> {
  const dicom = await syntheticDicom(syntheticValues())
  const headerOf = headersLike(dicom)
  const folders: string[] = []
  const paths: string[] = []
  for (let number = 0; number < total; number++) {
    if (number % FILES_PER_FOLDER === 0) {
      folders.push(join(root, String(folders.length)))
      await mkdir(folders.at(-1)!)
    }
    const path = join(folders.at(-1)!, `${number}.dcm`)
    const file = await open(path, 'wx')
    await file.write(headerOf(number))
    await file.truncate(dicom.length)
    await file.close()
    paths.push(path)
  }
  return { folders, paths }
}

function readHeads(paths: readonly string[]): void {
  const bytes = new Uint8Array(HEAD_BYTES)
  for (const path of paths) {
    const file = openSync(path, 'r')
    readSync(file, bytes, 0, HEAD_BYTES, 0)
    closeSync(file)
  }
}

async function indexAll(worker: ReturnType<typeof filmWorker>, paths: readonly string[]): Promise<void> {
  const uids = new Set<string | null>()
  let next = 0
  const caller = async () => {
    while (next < paths.length) {
      const batch = paths.slice(next, (next += FILES_PER_CALL))
      for (const result of await worker.index(batch)) {
        if ('refusal' in result) throw new Error(`A file was refused: ${result.refusal.reason}`)
        uids.add(result.header.sopInstanceUid)
      }
    }
  }
  await Promise.all(Array.from({ length: CALLS_IN_FLIGHT }, caller))
  if (uids.size !== paths.length) throw new Error(`${uids.size} films found in ${paths.length} files`)
}

/** Each process is given its share of the folders. */
async function dumpAll(folders: readonly string[], total: number, processes: number): Promise<void> {
  const outputs = await Promise.all(
    Array.from({ length: processes }, (_, share) =>
      command('dcmdump', [
        '-M',
        '+P',
        '0010,0020',
        '+sd',
        '+r',
        ...folders.filter((_folder, i) => i % processes === share)
      ])
    )
  )
  const found = outputs.reduce((sum, output) => sum + output.split('(0010,0020)').length - 1, 0)
  if (found !== total) throw new Error(`dcmdump printed ${found} patient ids for ${total} files`)
}

const wanted = process.argv[2]
const total = wanted === '--full' ? FULL : Number(wanted ?? 8_000)
if (!Number.isInteger(total) || total < 1) throw new RangeError(`'${wanted}' is not a number of files`)

const root = await mkdtemp(join(tmpdir(), 'neogate-bench-index-'))
const pool = filmChildren(CHILDREN)
try {
  const { folders, paths } = await makeFiles(root, total)
  const worker = filmWorker(pool)
  const ours = `NeoGate index, ${CHILDREN} children`
  const works: Record<string, () => unknown> = {
    [ours]: () => indexAll(worker, paths),
    'first 64 KiB, plain reading': () => readHeads(paths)
  }
  if (hasTool('dcmdump')) {
    works['dcmdump, 1 process'] = () => dumpAll(folders, total, 1)
    works[`dcmdump, ${CHILDREN} processes`] = () => dumpAll(folders, total, CHILDREN)
  }
  // Starts the children and fills the file cache.
  await indexAll(worker, paths)
  const seconds = await inTurn(works, ROUNDS)

  console.log(`${total} files, median of ${ROUNDS} rounds in turn, files in the cache`)
  console.log(`${'what'.padEnd(32)}${'files/s'.padStart(10)}   NeoGate's speed against it`)
  for (const [name, times] of Object.entries(seconds)) {
    const ratio = timesFaster(seconds[ours]!, times).toFixed(2)
    console.log(`${name.padEnd(32)}${(total / median(times)).toFixed(0).padStart(10)}   ${ratio}`)
  }
} finally {
  pool.close()
  await rm(root, { recursive: true, force: true })
}
