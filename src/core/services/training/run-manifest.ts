import { createHash } from 'node:crypto'
import { readFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { diagnosis, hyperparameters, trainingOptions, trainingPlan } from '../../../contract'
import { fromSystemError, NeoGateError } from '../../foundation'
import { RESEARCH_NOTICE } from '../../model-registry'
import { writeFileAtomically } from '../atomic-file'

const film = z.strictObject({
  id: z.string(),
  label: diagnosis,
  gaDays: z.number().nullable(),
  bwGrams: z.number().nullable()
})
export type ManifestFilm = z.infer<typeof film>

const manifestSchema = z.strictObject({
  format: z.literal('neogate-training-run/1'),
  notice: z.literal(RESEARCH_NOTICE),
  createdAt: z.iso.datetime(),
  options: trainingOptions,
  plan: trainingPlan,
  hyperparameters: hyperparameters.extend({ batch: z.int() }),
  /** Whose weights it begins with. */
  parent: z.strictObject({ id: z.string(), hash: z.string() }).nullable(),
  /** Of the training films, or the parent's. */
  context: z.strictObject({
    gaMeanDays: z.number(),
    gaSdDays: z.number(),
    bwMeanGrams: z.number(),
    bwSdGrams: z.number()
  }),
  /** Newest entry of the project's history when the films were read. */
  history: z.strictObject({ seq: z.int(), hash: z.string() }),
  films: z.strictObject({ train: z.array(film), validation: z.array(film) }),
  /** SHA-256 over `films`. */
  hash: z.string()
})
/** Everything that a run is made from, fixed when it starts: a resume trains on the same, whatever was relabelled since. */
export type RunManifest = z.infer<typeof manifestSchema>

export function filmsHash(films: RunManifest['films']): string {
  const lines = (['train', 'validation'] as const).flatMap(side =>
    films[side].map(({ id, label, gaDays, bwGrams }) => JSON.stringify([side, id, label, gaDays, bwGrams]))
  )
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

/** What a job of kind 'train' is started with: the name of its run. */
export const trainJobInput = z.strictObject({ run: z.string() })

/** Files of one run, below the project. */
export function runFiles(projectFolder: string, run: string) {
  const folder = join(projectFolder, 'training', run)
  return {
    folder,
    manifest: join(folder, 'run.json'),
    checkpoint: join(folder, 'checkpoint.safetensors'),
    best: join(folder, 'best.safetensors')
  }
}
export type RunFiles = ReturnType<typeof runFiles>

export async function writeManifest(files: RunFiles, manifest: RunManifest): Promise<void> {
  await mkdir(files.folder, { recursive: true }).catch(error => {
    throw fromSystemError(error, files.folder)
  })
  await writeFileAtomically(files.manifest, `${JSON.stringify(manifest)}\n`)
}

/** @throws NeoGateError NOT_FOUND; PROJECT_DAMAGED where the file is not what was written */
export async function readManifest(files: RunFiles): Promise<RunManifest> {
  const file = files.manifest
  const text = await readFile(file, 'utf8').catch(error => {
    throw fromSystemError(error, file)
  })
  try {
    const manifest = manifestSchema.parse(JSON.parse(text))
    if (filmsHash(manifest.films) === manifest.hash) return manifest
  } catch {
    // Told below, in words that help.
  }
  throw new NeoGateError(
    'PROJECT_DAMAGED',
    `${file} is not the description of a training run that was written.`,
    {
      file,
      remedy: 'Start the training again; versions made earlier are not affected.'
    }
  )
}
