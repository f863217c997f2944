import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { runNeogate } from './run-neogate'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the projects that this run has drawn. */
    drawnProjects: string
  }
}

/** vitest's global set-up: a folder for the projects of the run, removed at its end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'neogate-drawn-'))
  project.provide('drawnProjects', folder)
  return () => rm(folder, { recursive: true, force: true })
}

/** Exit codes: done, and done with some values refused, since wrong ones are planted in what is drawn. */
const DONE: (number | null)[] = [0, 3]

/** The cohort that `neogate demo make` draws. */
export interface Drawing {
  infants: number
  seed?: number
}

/**
 * Puts `project`, a project of drawn films with their table's labels and the shipped model's predictions, and `user`, a
 * user folder that has it among its recent projects, into `folder`. A drawing is made and predicted once a run and copied
 * from then on; its films are shared, so leave them as they are.
 */
export async function copyDrawnProject(
  drawing: Drawing,
  folder: string,
  settings: object = {}
): Promise<void> {
  const project = join(folder, 'project')
  await cp(join(await drawn(drawing), 'project'), project, { recursive: true })
  await mkdir(join(folder, 'user'))
  const recentProjects = [{ folder: project, name: 'Ward' }]
  await writeFile(
    join(folder, 'user', 'settings.json'),
    JSON.stringify({ locale: 'en', recentProjects, ...settings })
  )
}

async function drawn({ infants, seed = 1 }: Drawing): Promise<string> {
  const folder = join(inject('drawnProjects'), `${infants}-${seed}`)
  const project = join(folder, 'project')
  if (existsSync(project)) return folder
  const [user, study, begun] = ['user', 'study', 'begun'].map(name => join(folder, name)) as [
    string,
    string,
    string
  ]
  for (const args of [
    ['demo', 'make', study, '--infants', String(infants), '--seed', String(seed)],
    ['new', begun, '--name', 'Ward'],
    ['import', begun, study, '--table', join(study, 'labels.csv')],
    ['predict', begun]
  ]) {
    const { code, stderr } = await runNeogate(args, user)
    if (!DONE.includes(code)) throw new Error(`neogate ${args.join(' ')} ended with ${code}: ${stderr}`)
  }
  await rename(begun, project)
  return folder
}
