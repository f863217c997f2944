import { access, readFile, rename, writeFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fromSystemError, greyToImage, isFilmFault } from '../../foundation'
import { bindParameters, elementCount, float32, toOnnx, type Tensor } from '../../ml/graph'
import { entryShape, trunkGraph, type ModelDefinition } from '../../ml/models'
import { createSession, type Provider } from '../../ml/runtime'
import { fromHalf, toHalf, type TrainingSet } from '../../ml/trainer'
import type { FilmFacts, TrainQuestion } from './train-client'

export type Ask = <Answer>(question: TrainQuestion) => Promise<Answer>
type Side = 'train' | 'validation'

/** What a side is to the trainer, apart from how its films are read. */
function known({ ids, labels, contexts, teacher }: FilmFacts): Omit<TrainingSet, 'entry' | 'read'> {
  return {
    count: ids.length,
    label: film => labels[film]!,
    context: film => [contexts[2 * film]!, contexts[2 * film + 1]!],
    teacher: film => teacher && teacher.subarray(6 * film, 6 * film + 6)
  }
}

/** Planes kept in memory, so that a small cohort is decoded once. */
const KEPT_BYTES = 2 ** 30

/** Whole films: the host decodes them as they are needed. */
export function planeSet(facts: FilmFacts, side: Side, ask: Ask): TrainingSet {
  const kept = new Map<number, Float32Array>()
  let bytes = 0
  return {
    ...known(facts),
    entry: 'image',
    async read(film) {
      const plane = kept.get(film) ?? (await ask<Float32Array>({ kind: 'plane', side, film }))
      if (!kept.has(film) && bytes + plane.byteLength <= KEPT_BYTES) {
        kept.set(film, plane)
        bytes += plane.byteLength
      }
      return plane
    }
  }
}

/** Pooled vectors travel in pieces of this many films, as many as the study store reads at a time. */
const POOLED_PIECE = 500

/** Pooled features: fetched once, all of them, and kept (8 kB a film with ResNet50). A control has none: no channels. */
export async function pooledSet(
  facts: FilmFacts,
  side: Side,
  ask: Ask,
  channels: number
): Promise<TrainingSet> {
  const all = new Float32Array(facts.ids.length * channels)
  for (let from = 0; channels > 0 && from < facts.ids.length; from += POOLED_PIECE) {
    const to = Math.min(from + POOLED_PIECE, facts.ids.length)
    all.set(await ask<Float32Array>({ kind: 'pooled', side, from, to, channels }), from * channels)
  }
  return {
    ...known(facts),
    entry: 'pooled',
    read: async film => all.subarray(film * channels, (film + 1) * channels)
  }
}

/**
 * Features before the last stage, kept on disk as float16 in one file per film, by film id. Those that are not there yet
 * are made first, from the films.
 */
export async function trunkSet(
  facts: FilmFacts,
  planes: TrainingSet,
  options: {
    definition: ModelDefinition
    weights: ReadonlyMap<string, Tensor>
    size: number
    provider: Provider
    folder: string
    /** Called before each film; throws to stop. */
    onFilm(): Promise<void>
  }
): Promise<TrainingSet> {
  const { definition, size, folder } = options
  const fileOf = (film: number) => join(folder, `${facts.ids[film]}.f16`)
  await mkdir(folder, { recursive: true })
  const missing: number[] = []
  for (let film = 0; film < planes.count; film++) {
    if (!(await exists(fileOf(film)))) missing.push(film)
  }
  if (missing.length > 0) {
    const shape = entryShape(definition, 'image', size)
    const session = await createSession(trunkModel(options), options.provider)
    let next = planes.read(missing[0]!)
    for (const [index, film] of missing.entries()) {
      await options.onFilm()
      const plane = await next.catch(filmFaultIsNull)
      const following = missing[index + 1]
      if (following !== undefined) {
        next = planes.read(following)
        next.catch(() => {})
      }
      if (!plane) continue
      const image = new Float32Array(elementCount(shape))
      greyToImage(plane, image)
      const { trunk } = await session.run({
        image: float32([1, ...shape], image),
        context: float32([1, 2], planes.context(film))
      })
      await keep(fileOf(film), toHalf(trunk!.data as Float32Array))
    }
    await session.close()
  }
  return {
    ...known(facts),
    entry: 'trunk',
    async read(film) {
      const bytes = await readFile(fileOf(film)).catch(error => {
        throw fromSystemError(error, fileOf(film))
      })
      return fromHalf(new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2))
    }
  }
}

/** A film that cannot be read is not kept; asked for later, it counts as lost. */
function filmFaultIsNull(thrown: unknown): null {
  if (isFilmFault(thrown)) return null
  throw thrown
}

function trunkModel({ definition, weights, size }: Parameters<typeof trunkSet>[2]): Uint8Array {
  return toOnnx(bindParameters(trunkGraph(definition, size), weights))
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false
  )

/** Appears whole or not at all: a run that was cut off finds no half a film. */
async function keep(file: string, halves: Uint16Array): Promise<void> {
  const partial = `${file}.partial`
  try {
    await writeFile(partial, new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength))
    await rename(partial, file)
  } catch (error) {
    throw fromSystemError(error, file)
  }
}
