import { copyFile, mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { copyDrawnProject, type Drawing } from '../support/drawn-projects'
import { runNeogate } from '../support/run-neogate'
import { temporaryFolder } from '../support/temporary-folder'
import type { Shell, StartShell } from './shells'

/** Drawing and predicting a ward takes seconds, but not on a machine that does other things as well. */
export const WARD_MS = 300_000

/** A shell with a project of drawn films of its own open, at its table. */
export interface Ward {
  shell: Shell
  /** Holds `project`, `user`, and what a suite writes besides. */
  folder: string
  close(): Promise<void>
}

interface Besides {
  settings?: object
  /** Files to import besides the drawn ones. */
  films?: string[]
}

export async function openWard(start: StartShell, drawing: Drawing, besides: Besides = {}): Promise<Ward> {
  const folder = await temporaryFolder('ward')
  const at = (part: string) => join(folder.path, part)
  await copyDrawnProject(drawing, folder.path, besides.settings)
  if (besides.films) {
    await mkdir(at('besides'))
    for (const film of besides.films) await copyFile(film, join(at('besides'), basename(film)))
    const { code, stderr } = await runNeogate(['import', at('project'), at('besides')], at('user'))
    if (code !== 0) throw new Error(stderr)
  }
  const shell = await start(at('user'))
  await shell.page.getByRole('button', { name: /^Ward/ }).click()
  await shell.page.getByRole('grid').getByRole('row').nth(3).waitFor()
  return {
    shell,
    folder: folder.path,
    async close() {
      await shell.close()
      await folder.remove()
    }
  }
}
