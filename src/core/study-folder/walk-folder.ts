import { readdir, realpath, stat } from 'node:fs/promises'
import type { Dirent } from 'node:fs'
import { join, toNamespacedPath } from 'node:path'
import { fromSystemError, NeoGateError, toError } from '../foundation'

/** Deeper than any archive seen; a deeper folder is reported, not walked. */
const MAX_DEPTH = 64

/** What operating systems and NAS boxes leave in folders. Names starting with '.' (AppleDouble '._x' too) are left out as well. */
const SYSTEM_NAMES = new Set([
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '$recycle.bin',
  'system volume information',
  '__macosx',
  '@eadir',
  'lost+found'
])

export interface FoundFile {
  kind: 'file'
  /** Below the root, NFC, '/' between folders. */
  path: string
  /** Below the root as the file system spells it, where that differs from `path` (NFD names of macOS), else null. */
  rawPath: string | null
}

/** A folder or file that could not be looked into; the rest of the walk goes on. */
export interface WalkProblem {
  kind: 'problem'
  path: string
  /** One English sentence without the path. */
  detail: string
}

export interface WalkOptions {
  signal?: AbortSignal
  /** Absolute folders that are not walked (the open project). */
  excludedFolders?: readonly string[]
  /** A folder below the root that holds a file of this name is not walked (any other project). */
  markerFile?: string
}

interface Visit {
  /** Below the root, as the file system spells it; '' for the root. */
  raw: string
  /** Absolute, links resolved. */
  real: string
  depth: number
}

function isSystemName(name: string): boolean {
  return name.startsWith('.') || SYSTEM_NAMES.has(name.toLowerCase())
}

/** Absolute path of a found file, to open it by. */
export function absolutePath(root: string, file: Pick<FoundFile, 'path' | 'rawPath'>): string {
  return join(root, file.rawPath ?? file.path)
}

const below = (folder: string, name: string) => (folder === '' ? name : `${folder}/${name}`)

function describe(thrown: unknown): string {
  const { code } = toError(thrown) as NodeJS.ErrnoException
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'No permission to read this folder.'
    case 'ENAMETOOLONG':
      return 'The path is longer than this system allows.'
    case 'ENOENT':
      return 'It went away while the folder was read, or is a broken link.'
    case 'ELOOP':
      return 'It is a link that leads to itself.'
    default:
      return `It could not be read (${code ?? 'unknown error'}).`
  }
}

/** Order by UTF-16 code units: the same on every machine. */
const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/**
 * Every file below a folder in a stable order: names sorted, real folders before linked ones. Links are followed, each
 * folder once, so that loops end; what cannot be read is yielded as a problem. Never writes, never opens a file.
 * @throws NeoGateError NOT_FOUND or FILE_REFUSED where the root itself cannot be read; CANCELLED
 */
export async function* walkFolder(
  root: string,
  options: WalkOptions = {}
): AsyncGenerator<FoundFile | WalkProblem> {
  const { signal, markerFile } = options
  const realRoot = await realpath(root).catch(error => {
    throw fromSystemError(error, root)
  })
  if (!(await stat(realRoot)).isDirectory()) {
    throw new NeoGateError('INVALID_INPUT', `${root} is not a folder.`, {
      file: root,
      field: 'folder',
      remedy: 'Choose the folder that holds the images.'
    })
  }
  const visited = new Set<string>()
  for (const folder of options.excludedFolders ?? []) {
    visited.add(await realpath(folder).catch(() => folder))
  }
  const links: { raw: string; depth: number }[] = []
  const pending: Visit[] = [{ raw: '', real: realRoot, depth: 0 }]

  const problem = (raw: string, detail: string): WalkProblem => ({
    kind: 'problem',
    path: raw.normalize('NFC'),
    detail
  })
  const file = (raw: string): FoundFile | WalkProblem => {
    if (raw.includes('\ufffd')) return problem(raw, 'The name is not valid UTF-8; rename the file.')
    const path = raw.normalize('NFC')
    return { kind: 'file', path, rawPath: path === raw ? null : raw }
  }

  async function list({ raw, real, depth }: Visit): Promise<Dirent[] | WalkProblem> {
    if (depth > MAX_DEPTH) return problem(raw, `It lies more than ${MAX_DEPTH} folders deep.`)
    try {
      const entries = await readdir(toNamespacedPath(real), { withFileTypes: true })
      if (depth > 0 && markerFile !== undefined && entries.some(entry => entry.name === markerFile)) return []
      return entries.filter(entry => !isSystemName(entry.name)).sort(byName)
    } catch (error) {
      if (depth === 0) throw fromSystemError(error, root)
      return problem(raw, describe(error))
    }
  }

  while (pending.length > 0 || links.length > 0) {
    if (signal?.aborted) throw new NeoGateError('CANCELLED', 'Walking the folder was cancelled.')
    let visit = pending.pop()
    if (!visit) {
      const link = links.shift()!
      try {
        const real = await realpath(join(root, link.raw))
        if ((await stat(real)).isDirectory()) visit = { ...link, real }
        else {
          yield file(link.raw)
          continue
        }
      } catch (error) {
        yield problem(link.raw, describe(error))
        continue
      }
    }
    if (visited.has(visit.real)) continue
    visited.add(visit.real)
    const entries = await list(visit)
    if (!Array.isArray(entries)) {
      yield entries
      continue
    }
    const folders: Visit[] = []
    for (const entry of entries) {
      const raw = below(visit.raw, entry.name)
      const depth = visit.depth + 1
      if (entry.isDirectory()) folders.push({ raw, real: join(visit.real, entry.name), depth })
      else if (entry.isFile()) yield file(raw)
      else if (entry.isSymbolicLink()) links.push({ raw, depth })
      else if (!entry.isBlockDevice() && !entry.isCharacterDevice() && !entry.isFIFO() && !entry.isSocket()) {
        // Some network file systems do not tell the type of an entry.
        links.push({ raw, depth })
      }
    }
    pending.push(...folders.reverse())
  }
}
