import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fromSystemError } from '../../foundation'
import { contextHead, type ContextHead } from '../../ml/explain'
import { headGraph, modelDefinition } from '../../ml/models'
import { writeFileAtomically } from '../atomic-file'
import type { ProjectSession } from '../core-context'
import { parametersOf } from '../head-tensors'
import type { OpenModel } from '../inference'
import { memberFile } from './ensemble-client'

const side = z.object({ films: z.int(), infants: z.array(z.string()) })
const manifest = z.object({
  version: z.literal(1),
  modelHash: z.string(),
  members: z.int(),
  fittedAt: z.iso.datetime(),
  split: z.string().nullable(),
  fitted: side,
  calibrated: side,
  /** Conformal scores of the calibration infants, ascending. */
  scores: z.array(z.number())
})
export type EnsembleManifest = z.infer<typeof manifest>

export interface OpenEnsemble {
  manifest: EnsembleManifest
  members: ContextHead[]
}

/** Ensembles lie in the project's cache: they can be fitted again from what the project knows. */
export async function ensembleFolder({ cacheFolder }: ProjectSession, model: OpenModel): Promise<string> {
  const folder = join(cacheFolder, 'ensembles', model.hash.slice(0, 16))
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw fromSystemError(error, folder)
  }
  return folder
}

const manifestFile = (folder: string) => join(folder, 'ensemble.json')

/** Written last: without it the members beside it count for nothing. */
export async function writeManifest(folder: string, written: EnsembleManifest): Promise<void> {
  await writeFileAtomically(manifestFile(folder), JSON.stringify(written))
}

/** null where there is none, or what is there cannot be used. */
export async function readManifest(folder: string, model: OpenModel): Promise<EnsembleManifest | null> {
  try {
    const read = manifest.parse(JSON.parse(await readFile(manifestFile(folder), 'utf8')))
    return read.modelHash === model.hash ? read : null
  } catch {
    // Only a cache: whatever is wrong with it, it can be fitted again.
    return null
  }
}

export async function readMembers(
  folder: string,
  model: OpenModel,
  { members }: EnsembleManifest
): Promise<ContextHead[]> {
  const graph = headGraph(modelDefinition(model.card.method))
  return Promise.all(
    Array.from({ length: members }, async (_, member) =>
      contextHead(graph, await parametersOf(graph, join(folder, memberFile(member))), model.card.context)
    )
  )
}
