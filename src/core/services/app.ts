import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { FolderEntry } from '../../contract'
import { isProjectFolder } from '../database'
import { fromSystemError, NeoGateError } from '../foundation'
import { FIGURES } from './blinding'
import type { CoreContext } from './core-context'
import type { Services } from './services'

export function createAppService(core: CoreContext): Services['app'] {
  return {
    info: async () => core.info,
    settings: async () => core.settings.get(),
    async changeSettings(change) {
      const before = core.settings.get().readerName
      const settings = await core.settings.change(change)
      // Another reader may be told other things: every screen asks again.
      if (settings.readerName !== before) tellOpenProject(core)
      return settings
    },
    browse: ({ path }) => browse(path ?? homedir())
  }
}

function tellOpenProject(core: CoreContext): void {
  try {
    core.project().changes.publish(['review', 'films', 'labels', ...FIGURES])
  } catch (error) {
    if (!(error instanceof NeoGateError) || error.code !== 'NO_PROJECT') throw error
  }
}

/** A folder's visible entries, folders first, each in the order of the user's language. */
async function browse(path: string) {
  const folder = resolve(path)
  const found = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTDIR') throw fromSystemError(error, folder)
    throw new NeoGateError('INVALID_INPUT', `This is a file, not a folder: ${folder}.`, {
      file: folder,
      field: 'path',
      remedy: 'Choose the folder that holds it.'
    })
  })
  const visible = found.filter(entry => !entry.name.startsWith('.'))
  const entries = await Promise.all(visible.map(entry => describe(folder, entry.name)))
  const listed = entries.filter(entry => entry !== null)
  const collator = new Intl.Collator(undefined, { numeric: true })
  listed.sort(
    (a, b) => Number(a.kind === 'file') - Number(b.kind === 'file') || collator.compare(a.name, b.name)
  )
  const parent = dirname(folder)
  return { path: folder, parent: parent === folder ? null : parent, entries: listed }
}

/** null for what is neither a file nor a folder, and for what vanished or may not be looked at. */
async function describe(folder: string, name: string): Promise<FolderEntry | null> {
  const path = join(folder, name)
  const facts = await stat(path).catch(() => null)
  if (facts?.isDirectory()) {
    return { name, path, kind: 'folder', byteSize: null, isProject: isProjectFolder(path) }
  }
  if (facts?.isFile()) return { name, path, kind: 'file', byteSize: facts.size, isProject: false }
  return null
}
