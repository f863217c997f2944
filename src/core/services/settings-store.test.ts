import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { silentLogger } from '../foundation'
import { openSettings } from './settings-store'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neogate-settings-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const file = () => join(folder, 'settings.json')

it('keeps changes, in a folder that it makes, and leaves no draft behind', async () => {
  const user = join(folder, 'new', 'NeoGate')
  const settings = await openSettings(user, silentLogger)
  await Promise.all([settings.change({ readerName: '김의사' }), settings.change({ autoAdvance: false })])
  expect(settings.get()).toMatchObject({ readerName: '김의사', autoAdvance: false })
  expect((await openSettings(user, silentLogger)).get()).toEqual(settings.get())
  expect(await readdir(user)).toEqual(['settings.json'])
})

it('keeps what another window has written meanwhile', async () => {
  const [one, other] = [await openSettings(folder, silentLogger), await openSettings(folder, silentLogger)]
  await one.change({ readerName: 'Kim' })
  await other.change({ locale: 'ko' })
  expect(other.get()).toMatchObject({ readerName: 'Kim', locale: 'ko' })
})

it.each([
  ['{"readerName": "Kim", "prov', null],
  ['[]', null],
  ['{"readerName": "Kim", "provider": "abacus", "later": 1}', 'Kim'],
  ['', null]
])('starts with a damaged file %j, keeps a copy, and takes what is sound', async (text, reader) => {
  await writeFile(file(), text)
  const settings = await openSettings(folder, silentLogger)
  expect(settings.get().provider).toBe('auto')
  if (reader) expect(settings.get().readerName).toBe(reader)
  expect(await readFile(`${file()}.damaged`, 'utf8')).toBe(text)
  await settings.change({ locale: 'ko' })
  expect((await openSettings(folder, silentLogger)).get().locale).toBe('ko')
})

it('refuses a change that makes no sense and keeps the old', async () => {
  const settings = await openSettings(folder, silentLogger)
  await settings.change({ readerName: 'Kim' })
  await expect(settings.change({ readerName: ' ' })).rejects.toThrow()
  expect((await openSettings(folder, silentLogger)).get().readerName).toBe('Kim')
})
