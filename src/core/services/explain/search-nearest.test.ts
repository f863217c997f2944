import { appendFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/support/temporary-folder'
import { createRandom } from '../../foundation'
import { contextHead } from '../../ml/explain'
import { headGraph, modelDefinition } from '../../ml/models'
import { freshTensors, writeSafetensors } from '../../ml/weights'
import type { ModelKey, StudyStore } from '../../study-store'
import type { ProjectSession } from '../core-context'
import type { NearestRequest } from './explain-client'
import { searchNearest } from './search-nearest'
import { extendVectorFile } from './vector-file'

const METHOD = 'ccgn-small'
const SCALE = { gaMeanDays: 238, gaSdDays: 26, bwMeanGrams: 2200, bwSdGrams: 870 }
const FILMS = 1300
const QUERY_CONTEXT = { gaDays: 205, bwGrams: 1200 }
const COUNT = 9

const definition = modelDefinition(METHOD)
const graph = headGraph(definition)
const tensors = freshTensors(graph.parameters, 4)
const head = contextHead(graph, tensors, SCALE)
const { channels } = head
const random = createRandom(2, 'vectors')
const vectors = Array.from({ length: FILMS }, () =>
  Float32Array.from({ length: channels }, () => Math.max(0, random.normal()))
)
const contexts = Array.from({ length: FILMS }, () => [random.integer(160, 290), random.integer(500, 4200)])
const query = Float32Array.from({ length: channels }, () => Math.max(0, random.normal()))
const gate = head.gate(QUERY_CONTEXT.gaDays, QUERY_CONTEXT.bwGrams)!

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder('nearest')
  await writeSafetensors(join(folder.path, 'weights.safetensors'), tensors)
})
afterAll(() => folder.remove())

describe('search for the nearest films', () => {
  const ask = async (change: Partial<NearestRequest>) => {
    const file = join(folder.path, 'vectors.f32')
    const all = new Float32Array(FILMS * channels)
    vectors.forEach((vector, i) => all.set(vector, i * channels))
    await writeFile(file, new Uint8Array(all.buffer))
    const request: NearestRequest = {
      method: METHOD,
      weightsFile: join(folder.path, 'weights.safetensors'),
      scale: SCALE,
      file,
      channels,
      contexts: Float32Array.from(contexts.flat()),
      skipped: new Uint8Array(FILMS),
      query,
      gated: false,
      count: COUNT,
      ...change
    }
    return searchNearest(request, { signal: new AbortController().signal } as never)
  }
  const byHand = (own: Float32Array, of: (film: number) => ArrayLike<number>, skipped = new Set<number>()) =>
    vectors
      .map((_, place) => {
        const other = of(place)
        return { place, distance: Math.hypot(...own.map((value, c) => value - other[c]!)) }
      })
      .filter(({ place }) => !skipped.has(place))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, COUNT)

  it('finds those that comparing with every film finds', async () => {
    const expected = byHand(query, film => vectors[film]!)
    const found = await ask({})
    expect(found.map(({ place }) => place)).toEqual(expected.map(({ place }) => place))
    found.forEach(({ distance }, i) => expect(distance).toBeCloseTo(expected[i]!.distance, 3))
  })

  it('compares features as each infant’s own gate lets them through', async () => {
    const gated = query.map((value, c) => value * gate[c]!)
    const expected = byHand(gated, film => {
      const own = head.gate(contexts[film]![0]!, contexts[film]![1]!)!
      return vectors[film]!.map((value, c) => value * own[c]!)
    })
    const found = await ask({ query: gated, gated: true })
    expect(found.map(({ place }) => place)).toEqual(expected.map(({ place }) => place))
    found.forEach(({ distance }, i) => expect(distance).toBeCloseTo(expected[i]!.distance, 3))
  })

  it('leaves films out, and says where a file has been cut', async () => {
    const [first] = await ask({})
    const skipped = new Uint8Array(FILMS)
    skipped[first!.place] = 1
    const found = await ask({ skipped })
    expect(found).toHaveLength(COUNT)
    expect(found.map(({ place }) => place)).not.toContain(first!.place)
    const file = join(folder.path, 'cut.f32')
    await writeFile(file, new Uint8Array(1000))
    await expect(ask({ file })).rejects.toMatchObject({ code: 'FILE_REFUSED' })
  })
})

describe('file of features', () => {
  const KIN: ModelKey[] = [{ modelHash: 'a'.repeat(64), preprocessingHash: 'b'.repeat(64) }]
  const idOf = (film: number) => film.toString(32).padStart(26, 'a')
  const session = (films: number, asked: string[][] = []) =>
    ({
      cacheFolder: folder.path,
      studies: {
        withPooled: async () => Array.from({ length: films }, (_, film) => idOf(film)),
        pooled: async (_: unknown, ids: string[]) => {
          asked.push(ids)
          return new Map(ids.map(id => [id, vectors[Number.parseInt(id.replace(/^a+/, '') || '0', 32)]!]))
        }
      } as unknown as StudyStore
    }) as ProjectSession

  it('grows in steps, keeps what it has, and is whole again after a crash', async () => {
    const step = await extendVectorFile(session(300), KIN, channels, 0)
    expect([step.ids.length, step.left]).toEqual([128, 172])
    const asked: string[][] = []
    const whole = await extendVectorFile(session(300, asked), KIN, channels, 60_000)
    expect([whole.ids.length, whole.left, asked.flat().length]).toEqual([300, 0, 172])

    // Half a film more than the list says, as a crash leaves it.
    await appendFile(whole.file, new Uint8Array(100))
    await truncate(whole.file.replace(/f32$/, 'ids'), 299 * 27 + 5)
    const mended = await extendVectorFile(session(310), KIN, channels, 60_000)
    expect(mended.ids).toEqual(Array.from({ length: 310 }, (_, film) => idOf(film)))
  })
})
