/** Paths of the machine that runs the core, which may be another system than the browser's. */
const separatorOf = (path: string) => (path.includes('\\') && !path.startsWith('/') ? '\\' : '/')

export function joinPath(folder: string, name: string): string {
  const separator = separatorOf(folder)
  return folder.endsWith(separator) ? folder + name : folder + separator + name
}

/** Last part of a path. */
export function baseName(path: string): string {
  const parts = path.split(separatorOf(path)).filter(Boolean)
  return parts.at(-1) ?? path
}

/** `path` as seen from `folder`, or unchanged where it does not lie in it. */
export function relativePath(folder: string, path: string): string {
  const start = joinPath(folder, '')
  return path.startsWith(start) ? path.slice(start.length) : path
}

/** A folder name out of a project's name: characters that some system forbids become '-'. */
export function folderName(name: string): string {
  return name
    .trim()
    .replace(/[<>:"/\\|?*\p{Cc}]+/gu, '-')
    .replace(/[. ]+$/, '')
}
