import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { freshId, fromSystemError, NeoGateError } from '../foundation'
import { modelHash, modelIdOf, parseModelCard, type ModelCard } from './model-card'

const CARD_FILE = 'model.json'
const WEIGHTS_FILE = 'weights.safetensors'
/** A card is a few kilobytes; what is larger is something else. */
const MAX_CARD_BYTES = 1024 * 1024

/** A model on disk: `model.json` and `weights.safetensors` in one folder that is never changed after it is made. */
export interface ModelFolder {
  readonly folder: string
  readonly card: ModelCard
  readonly hash: string
  readonly id: string
  readonly weightsFile: string
}

/**
 * Reads and checks the card, and that the weights are there whole (by size; `checkWeights` reads them).
 * @throws NeoGateError NOT_FOUND, MODEL_REFUSED
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const file = join(folder, CARD_FILE)
  const weightsFile = join(folder, WEIGHTS_FILE)
  try {
    if ((await stat(file)).size > MAX_CARD_BYTES) {
      throw new NeoGateError('MODEL_REFUSED', `${file} is too large for a model card.`, { file })
    }
    const card = parseModelCard(await readFile(file, 'utf8'), file)
    const { size } = await stat(weightsFile)
    if (size !== card.weights.byteSize) throw weightsDiffer(weightsFile)
    const hash = modelHash(card)
    return { folder, card, hash, id: modelIdOf(hash), weightsFile }
  } catch (error) {
    throw fromSystemError(error, folder)
  }
}

/** @throws NeoGateError MODEL_REFUSED when the weights are not those that the card was written for */
export async function checkWeights({ weightsFile, card }: ModelFolder): Promise<void> {
  if ((await fileSha256(weightsFile)) !== card.weights.sha256) throw weightsDiffer(weightsFile)
}

function weightsDiffer(file: string): NeoGateError {
  return new NeoGateError('MODEL_REFUSED', `${file} is not the file that its model card describes.`, {
    file,
    reason: 'changed',
    remedy: 'Copy the whole model folder again from where it was made.'
  })
}

/** Hex SHA-256 of a file, read in pieces. */
export async function fileSha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(file), hash)
  } catch (error) {
    throw fromSystemError(error, file)
  }
  return hash.digest('hex')
}

/**
 * Makes a model folder; it appears whole or not at all.
 * @param writeWeights writes the safetensors file at the given path
 * @throws NeoGateError CONFLICT when the folder exists and is not empty; DISK_FULL
 */
export async function writeModelFolder(
  folder: string,
  card: Omit<ModelCard, 'weights'>,
  writeWeights: (file: string) => Promise<void>
): Promise<ModelFolder> {
  await refuseOccupied(folder)
  return appear(folder, async partial => {
    await fillModelFolder(partial, card, writeWeights)
  })
}

/**
 * Makes a model folder below `parent`, named by the model's id. Where the very same model is there already it is kept, so
 * that a step repeated after a crash does no harm.
 * @throws NeoGateError CONFLICT when something else has that name; DISK_FULL
 */
export async function writeModelById(
  parent: string,
  card: Omit<ModelCard, 'weights'>,
  writeWeights: (file: string) => Promise<void>
): Promise<ModelFolder> {
  const made = join(parent, `.new-${freshId()}`)
  try {
    await mkdir(made, { recursive: true })
    const id = modelIdOf(modelHash(await fillModelFolder(made, card, writeWeights)))
    const folder = join(parent, id)
    const present = await readModelFolder(folder).catch(() => null)
    if (present?.id === id) return present
    await refuseOccupied(folder)
    await rm(folder, { recursive: true, force: true })
    await rename(made, folder)
    return await readModelFolder(folder)
  } catch (error) {
    throw fromSystemError(error, parent)
  } finally {
    await rm(made, { recursive: true, force: true })
  }
}

/** Writes weights, then the card that seals them, and gives the whole card. */
async function fillModelFolder(
  folder: string,
  card: Omit<ModelCard, 'weights'>,
  writeWeights: (file: string) => Promise<void>
): Promise<ModelCard> {
  const weightsFile = join(folder, WEIGHTS_FILE)
  await writeWeights(weightsFile)
  const { size: byteSize } = await stat(weightsFile)
  const whole: ModelCard = { ...card, weights: { byteSize, sha256: await fileSha256(weightsFile) } }
  const file = join(folder, CARD_FILE)
  const text = `${JSON.stringify(whole, null, 2)}\n`
  parseModelCard(text, file)
  await writeFile(file, text)
  return whole
}

/** Copies a model; a copy that is there already is kept. @throws NeoGateError DISK_FULL */
export async function copyModelFolder(model: ModelFolder, to: string): Promise<ModelFolder> {
  const present = await readModelFolder(to).catch(() => null)
  if (present?.hash === model.hash) return present
  await refuseOccupied(to)
  return appear(to, async partial => {
    for (const name of [CARD_FILE, WEIGHTS_FILE]) await cp(join(model.folder, name), join(partial, name))
  })
}

/** Removes what a program that was killed left of models it was writing below `parent`; nobody else may be writing there. */
export async function removeUnfinishedModels(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!/^\.new-|\.partial-/.test(name)) continue
    await rm(join(parent, name), { recursive: true, force: true })
  }
}

async function appear(folder: string, fill: (partial: string) => Promise<void>): Promise<ModelFolder> {
  const partial = `${folder}.partial-${freshId()}`
  try {
    await mkdir(dirname(folder), { recursive: true })
    await mkdir(partial)
    await fill(partial)
    await rm(folder, { recursive: true, force: true })
    await rename(partial, folder)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw fromSystemError(error, folder)
  }
  return readModelFolder(folder)
}

async function refuseOccupied(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw fromSystemError(error, folder)
  })
  if (names.length > 0) {
    throw new NeoGateError('CONFLICT', `${folder} is not empty; models are never overwritten.`, {
      file: folder,
      remedy: 'Choose a folder that does not exist yet.'
    })
  }
}
