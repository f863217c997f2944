import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { absolutePath, walkFolder, type WalkOptions } from './walk-folder'

/** A survey answers while the user looks on: it stops counting here and says so. */
const MAX_FILES = 200_000
const MAX_MS = 5000
/** More JSON files than this below one folder are label files, not tables. */
const MAX_JSON_TABLES = 5
const MAX_TABLES = 50

export interface FolderSurvey {
  files: number
  /** False where counting stopped at a limit. */
  complete: boolean
  /** Extensions in lower case with their dot, '' for none; most frequent first. */
  byExtension: { extension: string; count: number }[]
  /** Absolute paths of tables; a tree of label files is one entry, its folder. */
  tables: { path: string; byteSize: number }[]
}

const TABLE_EXTENSION = /\.(?:csv|tsv|json|jsonl|ndjson)$/i

/** True for files that hold tables, which no import reads as a film. */
export function isTableFile(path: string): boolean {
  return TABLE_EXTENSION.test(path)
}

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const extension = /.(\.[^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  // '1.2.840.113619.2' is a UID, not a file of kind '.2'.
  return /^\.\d*$/.test(extension) || extension.length > 9 ? '' : extension
}

/** Deepest folder that holds all the files. */
function commonFolder(files: readonly string[]): string {
  let folder = dirname(files[0]!)
  for (const file of files)
    while (!file.startsWith(join(folder, '/')) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

const sizeOf = (path: string) =>
  stat(path)
    .then(facts => facts.size)
    .catch(() => 0)

/**
 * Counts files and looks for tables, read-only.
 * @throws NeoGateError as walkFolder
 */
export async function surveyFolder(root: string, options: WalkOptions = {}): Promise<FolderSurvey> {
  const started = performance.now()
  const counts = new Map<string, number>()
  const tables: string[] = []
  const labelFiles: string[] = []
  let files = 0
  let complete = true
  for await (const found of walkFolder(root, options)) {
    if (found.kind !== 'file') continue
    if (files >= MAX_FILES || performance.now() - started > MAX_MS) {
      complete = false
      break
    }
    files++
    const extension = extensionOf(found.path)
    counts.set(extension, (counts.get(extension) ?? 0) + 1)
    if (!isTableFile(found.path)) continue
    ;(extension === '.json' ? labelFiles : tables).push(absolutePath(root, found))
  }
  const tree = labelFiles.length > MAX_JSON_TABLES ? commonFolder(labelFiles) : null
  const single = [...tables, ...(tree === null ? labelFiles : [])].slice(0, MAX_TABLES)
  const listed = await Promise.all(single.map(async path => ({ path, byteSize: await sizeOf(path) })))
  if (tree !== null) {
    let byteSize = 0
    for (const path of labelFiles) byteSize += await sizeOf(path)
    listed.push({ path: tree, byteSize })
  }
  return {
    files,
    complete,
    byExtension: [...counts]
      .map(([extension, count]) => ({ extension, count }))
      .sort((a, b) => b.count - a.count || (a.extension < b.extension ? -1 : 1)),
    tables: listed
  }
}
