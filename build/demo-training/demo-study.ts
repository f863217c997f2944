import { createRouterClient } from '@orpc/server'
import type { ContractRouterClient } from '@orpc/contract'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type {
  Diagnosis,
  Prediction,
  TerminalContract,
  TrainingEvent,
  TrainingOptions
} from '../../src/contract'
import { createCore, forkChild, silentLogger } from '../../src/core/create-core'
import { createChildPool } from '../../src/core/foundation'
import { DEMO_TABLE, DEMO_TRUTH, demoMapping, makeDemo } from '../../src/core/services/demo'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const WORKER = join(ROOT, 'src/core/services/worker-entry.ts')

export interface StudyOptions {
  /** An empty or new folder: films, project and settings are put in it. */
  folder: string
  infants: number
  seed: number
  /** Films are drawn this many times coarser than a site's detector would. */
  coarser: number
}

/** One test film: what it is, whose it is, and what a version says of it. */
export interface TestFilm {
  id: string
  patientId: string
  /** What the generator drew, whatever the ward's table says. */
  truth: Diagnosis
}

/** A synthetic cohort in a project of its own, split by infant, on which versions are trained as a user would. */
export interface DemoStudy {
  testFilms: readonly TestFilm[]
  /** @returns id of the version that was made */
  train(options: TrainingOptions, onEvent?: (event: TrainingEvent) => void): Promise<string>
  predict(film: TestFilm, modelId: string): Promise<Prediction>
  /** Folder of a version. */
  folderOf(modelId: string): Promise<string>
  close(): Promise<void>
}

export async function openDemoStudy({ folder, infants, seed, coarser }: StudyOptions): Promise<DemoStudy> {
  const spawnChild = forkChild(WORKER, ['--import', 'tsx'])
  const films = join(folder, 'films')
  const pool = createChildPool({ spawn: spawnChild, role: 'film', size: 2, timeoutMs: null })
  try {
    await makeDemo({ folder: films, infants, seed, coarser, pool })
  } finally {
    pool.close()
  }
  const core = await createCore({
    host: 'cli',
    shell: 'terminal',
    spawnChild,
    resourcesFolder: join(ROOT, 'resources'),
    screensFolder: null,
    userFolder: join(folder, 'user'),
    logger: silentLogger
  })
  const client = createRouterClient(core.terminalRouter, {
    context: {}
  }) as ContractRouterClient<TerminalContract>

  async function done(jobId: string): Promise<void> {
    for await (const _ of await client.jobs.watch({ id: jobId }));
    const { state, error } = await client.jobs.get({ id: jobId })
    if (state !== 'done') throw new Error(`${state}: ${error?.message ?? ''}`)
  }

  try {
    await client.app.changeSettings({ provider: 'cpu' })
    await client.project.create({ folder: join(folder, 'project'), name: 'Demo study' })
    const source = { folder: films, table: join(films, DEMO_TABLE), mapping: demoMapping() }
    await done((await client.intake.start({ source, dryRun: false })).jobId)
    await client.splits.make({ name: 'demo', proportions: [70, 10, 20], seed: 1, extend: null })
    return {
      testFilms: await testFilmsOf(client, folder, films),
      async train(options, onEvent) {
        const { jobId } = await client.training.start(options)
        for await (const { event } of await client.training.events({ jobId })) {
          onEvent?.(event)
          if (event.type === 'finished') {
            await done(jobId)
            return event.modelId
          }
        }
        await done(jobId)
        throw new Error('The run ended without a version.')
      },
      predict: ({ id }, modelId) => client.predictions.get({ filmId: id, modelId, context: null }),
      async folderOf(modelId) {
        return (await client.models.list()).find(({ id }) => id === modelId)!.folder
      },
      close: () => core.close()
    }
  } catch (error) {
    await core.close()
    throw error
  }
}

async function testFilmsOf(
  client: ContractRouterClient<TerminalContract>,
  folder: string,
  films: string
): Promise<TestFilm[]> {
  const out = join(folder, 'split.json')
  await client.tools.exportSplit({ split: 'demo', out, format: 'json' })
  const split = JSON.parse(await readFile(out, 'utf8')) as {
    films: { filmId: string; infantId: string; path: string; side: string }[]
  }
  const truth = JSON.parse(await readFile(join(films, DEMO_TRUTH), 'utf8')) as {
    films: Record<string, { diagnosis: Diagnosis }>
  }
  return split.films
    .filter(({ side }) => side === 'test')
    .map(({ filmId, infantId, path }) => ({
      id: filmId,
      patientId: infantId,
      truth: truth.films[path]!.diagnosis
    }))
}
