import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NeoGateError, contentId, silentLogger, type CallOptions } from '../foundation'
import type { CoreContext, ProjectSession } from './core-context'
import { createFilmResources } from './film-resources'

const id = contentId('film', 'a')
const other = contentId('film', 'b')
let folder: string
let calls: string[]
let core: CoreContext
let missing: Set<string>
let published: unknown[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'neogate-resources-'))
  calls = []
  missing = new Set()
  published = []
  const session = {
    cacheFolder: folder,
    studies: {
      filePath: async (film: string) => {
        if (film === id || film === other) return `/films/${film}`
        throw new NeoGateError('NOT_FOUND', 'There is no such film.')
      },
      locations: async ([film]: [string]) => new Map([[film, { missing: missing.has(film) }]]),
      markMissing: async ([film]: [string], now: boolean) =>
        void (now ? missing.add(film) : missing.delete(film))
    },
    changes: { publish: (...change: unknown[]) => published.push(change) }
  } as unknown as ProjectSession
  const films = {
    call: async (method: string, { path }: { path: string }, options: CallOptions) => {
      calls.push(`${method} ${options.priority}`)
      if (path.endsWith(other))
        throw new NeoGateError('FILE_REFUSED', 'It is damaged.', { reason: 'damaged' })
      return Uint8Array.of(1, 2, 3)
    },
    close: vi.fn()
  }
  core = { films, logger: silentLogger, project: () => session } as unknown as CoreContext
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function json(body: Uint8Array): unknown {
  return JSON.parse(Buffer.from(body).toString('utf8'))
}

describe('createFilmResources', () => {
  it('decodes a film once and keeps its pixels', async () => {
    const resources = createFilmResources(core)
    for (let i = 0; i < 3; i++) {
      const answer = await resources.get(`/pixels/${id}`)
      expect(answer).toMatchObject({ status: 200, contentType: 'application/octet-stream' })
      expect(Array.from(answer.body)).toEqual([1, 2, 3])
    }
    expect(calls).toEqual(['pixels 10'])
  })

  it('keeps thumbnails in the project’s cache folder, across restarts', async () => {
    expect(await createFilmResources(core).get(`/thumbnails/${id}`)).toMatchObject({
      status: 200,
      contentType: 'image/webp'
    })
    expect(Array.from((await createFilmResources(core).get(`/thumbnails/${id}`)).body)).toEqual([1, 2, 3])
    expect(calls).toEqual(['thumbnail 10'])
    expect(readdirSync(join(folder, 'thumbnails'))).toEqual([`${id}-160.webp`])
  })

  it('answers errors with their status and code', async () => {
    const resources = createFilmResources(core)
    const refused = await resources.get(`/pixels/${other}`)
    expect(refused.status).toBe(422)
    expect(json(refused.body)).toEqual({
      code: 'FILE_REFUSED',
      message: 'It is damaged.',
      data: { reason: 'damaged' }
    })
    expect((await resources.get(`/pixels/${contentId('film', 'none')}`)).status).toBe(404)
  })

  it.each(['/pixels/', '/pixels/..%2f..%2fetc', `/pixels/${id}/x`, '/other', `/pixels/${id}?x=1`])(
    '%s is not found',
    async path => {
      expect((await createFilmResources(core).get(path)).status).toBe(404)
      expect(calls).toEqual([])
    }
  )

  it('notes once that a film cannot be read, and that it can be read again', async () => {
    const resources = createFilmResources(core)
    for (let i = 0; i < 2; i++) expect((await resources.get(`/pixels/${other}`)).status).not.toBe(200)
    await resources.get(`/thumbnails/${other}`)
    expect([...missing]).toEqual([other])
    expect(published).toEqual([[['films'], [other]]])
    missing.add(id)
    await resources.get(`/pixels/${id}`)
    expect([...missing]).toEqual([other])
    expect(published).toHaveLength(2)
  })
})
