import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { screenFile } from './screen-files'

describe('screen files', () => {
  let parent: string
  let folder: string
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'neogate-screens-'))
    folder = join(parent, 'renderer')
    await mkdir(join(folder, 'assets'), { recursive: true })
    await writeFile(join(folder, 'index.html'), '<p>')
    await writeFile(join(folder, 'assets', 'a-1.js'), 'export {}')
    await writeFile(join(folder, 'notes.exe'), 'MZ')
    await writeFile(join(parent, 'secret.json'), '{}')
    await mkdir(join(parent, 'renderer-other'))
    await writeFile(join(parent, 'renderer-other', 'secret.json'), '{}')
  })
  afterAll(() => rm(parent, { recursive: true }))

  it('gives screens of the router the page, and files their type', async () => {
    for (const path of ['/', '/studies', '/reading/x']) {
      const { status, headers, body } = await screenFile(folder, path)
      expect([status, headers['Content-Type']]).toEqual([200, 'text/html; charset=utf-8'])
      expect(await text(body as Readable)).toBe('<p>')
    }
    const script = await screenFile(folder, '/assets/a-1.js')
    expect(script.headers['Content-Type']).toBe('text/javascript; charset=utf-8')
    expect(script.headers['Cache-Control']).toContain('immutable')
    ;(script.body as Readable).destroy()
  })

  it.each([
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/assets/..%2f..%2fsecret.json',
    '/..%5csecret.json',
    '/../renderer-other/secret.json',
    '/a%00.js'
  ])('refuses %s', async path => {
    expect((await screenFile(folder, path)).status).toBe(403)
  })

  it('does not find folders, unknown types or nothing, and refuses broken escapes', async () => {
    expect((await screenFile(folder, '/notes.exe')).status).toBe(404)
    expect((await screenFile(folder, '/missing.js')).status).toBe(404)
    expect((await screenFile(folder, '/%e0%a4%a')).status).toBe(400)
  })
})
