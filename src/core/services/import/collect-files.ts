import { absolutePath, isTableFile, walkFolder, type FoundFile, type WalkOptions } from '../../study-folder'
import type { TableIndex } from '../../tables'
import type { ReportItem } from './import-report'

export interface CandidateFile extends FoundFile {
  absolute: string
  /** Candidates in the same folder. */
  filmsInFolder: number
}

export interface CollectedFiles {
  candidates: CandidateFile[]
  /** Report lines for folders and names that could not be read. */
  problems: ReportItem[]
  /** Keys that several files have, so that a row with such a key names none of them. */
  ambiguousKeys: Set<string>
}

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))

/** Files that may be films by their name: images, and DICOM under any of its usual names. */
const IMAGE_NAME = /(?:\.(?:dcm|dicom|dic|ima|png|jpe?g|tiff?|\d+)|(?:^|\/)[^./]+)$/i

/**
 * Lists what an import is to read, in a stable order. Tables are left out; everything else is looked into, since DICOM
 * files have any name.
 */
export async function collectFiles(
  folder: string,
  index: TableIndex | null,
  options: WalkOptions & { onProgress(done: number): void }
): Promise<CollectedFiles> {
  const found: FoundFile[] = []
  const problems: ReportItem[] = []
  const perFolder = new Map<string, number>()
  const perKey = new Map<string, number>()
  for await (const item of walkFolder(folder, options)) {
    if (item.kind === 'problem') {
      problems.push({
        path: item.path,
        outcome: 'refused',
        reason: 'unreadable',
        detail: item.detail,
        field: null,
        line: null,
        filmId: null,
        patientId: null
      })
      continue
    }
    if (isTableFile(item.path)) continue
    found.push(item)
    options.onProgress(found.length)
    const parent = folderOf(item.path)
    perFolder.set(parent, (perFolder.get(parent) ?? 0) + 1)
    const key = IMAGE_NAME.test(item.path) ? (index?.keyOfPath(item.path) ?? null) : null
    if (key !== null) perKey.set(key, (perKey.get(key) ?? 0) + 1)
  }
  return {
    candidates: found.map(file => ({
      ...file,
      absolute: absolutePath(folder, file),
      filmsInFolder: perFolder.get(folderOf(file.path))!
    })),
    problems,
    ambiguousKeys: new Set([...perKey].flatMap(([key, count]) => (count > 1 ? [key] : [])))
  }
}
