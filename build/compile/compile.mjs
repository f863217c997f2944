import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..', '..')
const out = join(root, 'out')
const stamp = join(out, '.built')
/** What the build is made from. */
const SOURCES = ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json']
/** A build that takes longer than this has died without taking its lock along. */
const LOCK_LIMIT_MS = 5 * 60_000

/** True where out/ is missing or older than its sources. A packaged copy has no sources and is never stale. */
export function isStale() {
  if (!existsSync(join(root, 'src'))) return false
  if (!existsSync(stamp)) return true
  const built = statSync(stamp).mtimeMs
  return SOURCES.some(source => isNewer(join(root, source), built))
}

function isNewer(path, than) {
  const found = statSync(path)
  if (!found.isDirectory()) return found.mtimeMs > than
  return readdirSync(path).some(name => !name.endsWith('.test.ts') && isNewer(join(path, name), than))
}

/**
 * Builds into a folder of its own and swaps it in, so that a failed or interrupted build leaves the last good one.
 * Output of the tools goes to stderr.
 * @returns true when it worked
 */
export function compile() {
  const fresh = join(root, '.cache', `out-${process.pid}`)
  const previous = `${fresh}-previous`
  const started = new Date()
  const cli = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const { status } = spawnSync(process.execPath, [cli, 'build', '--outDir', fresh, '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2]
  })
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true })
    return false
  }
  writeFileSync(join(fresh, '.built'), '')
  // Sources saved while the build ran count as newer.
  utimesSync(join(fresh, '.built'), started, started)
  if (existsSync(out)) renameSync(out, previous)
  renameSync(fresh, out)
  rmSync(previous, { recursive: true, force: true })
  return true
}

/** Builds if need be, one process at a time. @returns true where out/ is usable */
export function ensureCompiled(say = line => process.stderr.write(`${line}\n`)) {
  if (!isStale()) return true
  const lock = join(root, '.cache', 'build.lock')
  mkdirSync(join(root, '.cache'), { recursive: true })
  while (!take(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  try {
    if (!isStale()) return true
    say('neogate: building (out/ is missing or older than src/) ...')
    return compile()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

function take(lock) {
  try {
    mkdirSync(lock)
    return true
  } catch {
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0)
    if (age > LOCK_LIMIT_MS) rmSync(lock, { recursive: true, force: true })
    return false
  }
}

if (process.argv[1] === import.meta.filename) process.exit(compile() ? 0 : 1)
