import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ProjectSummary } from '../../contract'
import { isProjectFolder, type Database } from '../database'
import { NeoGateError } from '../foundation'
import type { CoreContext } from './core-context'
import { demoFolders, fillDemoProject } from './demo-project'
import { importInput } from './import/import-job'
import type { OpenProject, OpenSession } from './project-session'
import type { Services } from './services'

const MOST_RECENT = 20
const DEMO_NAME = 'Demo'

export function createProjectService(core: CoreContext, projects: OpenProject): Services['project'] {
  let openingDemo: Promise<ProjectSummary> | null = null

  async function remember(session: OpenSession): Promise<void> {
    const { folder } = session
    const { name } = session.database.facts
    const others = core.settings.get().recentProjects.filter(recent => recent.folder !== folder)
    const recentProjects = [{ folder, name }, ...others].slice(0, MOST_RECENT)
    await core.settings.change({ recentProjects }).catch(() => {
      core.logger.warn('The list of recent projects could not be saved.')
    })
  }

  async function openDemo(): Promise<ProjectSummary> {
    const { project: folder } = demoFolders(core.userFolder)
    const session = await projects.open(folder, { mode: 'open' }).catch(error => {
      // Absent, or its making was cut short before it had a name.
      if (!(error instanceof NeoGateError) || error.code !== 'NOT_FOUND') throw error
      return projects.open(folder, { mode: 'create', name: DEMO_NAME, demo: true })
    })
    await fillDemoProject(core, session)
    return summarise(session)
  }

  return {
    async current() {
      const session = projects.current()
      return session && summarise(session)
    },

    async create({ folder, name }) {
      const path = resolve(folder)
      await refuseForeignFiles(path)
      const session = await projects.open(path, { mode: 'create', name })
      await remember(session)
      return summarise(session)
    },

    async open({ folder }) {
      const session = await projects.open(resolve(folder), { mode: 'open' })
      if (!session.database.facts.demo) await remember(session)
      return summarise(session)
    },

    async close() {
      await projects.close()
      return null
    },

    openDemo() {
      openingDemo ??= openDemo().finally(() => {
        openingDemo = null
      })
      return openingDemo
    },

    changes: async (_, { signal }) => projects.require().changes.subscribe(signal)
  }
}

/** A project has a folder of its own: among a study's images its files would be in the way, and the images in theirs. */
async function refuseForeignFiles(folder: string): Promise<void> {
  if (isProjectFolder(folder)) return
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return ['']
    return []
  })
  if (entries.every(name => name.startsWith('.') && name !== '')) return
  throw new NeoGateError(
    'INVALID_INPUT',
    `A project needs a new or empty folder; this one is in use: ${folder}.`,
    {
      file: folder,
      field: 'folder',
      remedy: 'Name a folder that does not exist yet, for example inside this one.'
    }
  )
}

async function summarise(session: OpenSession): Promise<ProjectSummary> {
  const { database, studies, folder } = session
  const [counts, refused] = await Promise.all([studies.counts(), countRefused(database.kysely)])
  return {
    folder,
    name: database.facts.name,
    createdAt: database.facts.createdAt,
    schemaVersion: database.schemaVersion,
    demo: database.facts.demo,
    counts: { ...counts, refused }
  }
}

/** Files that the last import of each study folder refused. */
async function countRefused(db: Database): Promise<number> {
  const jobs = await db
    .selectFrom('job')
    .select(['id', 'input_json'])
    .where('kind', '=', 'import')
    .orderBy('started_at', 'desc')
    .execute()
  const lastOf = new Map<string, string>()
  for (const job of jobs) {
    const input = importInput.safeParse(JSON.parse(job.input_json))
    if (!input.success || input.data.dryRun) continue
    const { folder } = input.data.source
    if (!lastOf.has(folder)) lastOf.set(folder, job.id)
  }
  if (lastOf.size === 0) return 0
  const row = await db
    .selectFrom('import_item')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('job_id', 'in', [...lastOf.values()])
    .where('outcome', '=', 'refused')
    .executeTakeFirstOrThrow()
  return Number(row.count)
}
