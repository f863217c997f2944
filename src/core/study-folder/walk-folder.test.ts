import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { surveyFolder } from './survey-folder'
import { absolutePath, walkFolder, type FoundFile, type WalkOptions, type WalkProblem } from './walk-folder'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'neogate-walk-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function put(path: string, content = path): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), content)
}

async function walk(options?: WalkOptions): Promise<{ files: FoundFile[]; problems: WalkProblem[] }> {
  const files: FoundFile[] = []
  const problems: WalkProblem[] = []
  for await (const found of walkFolder(root, options)) {
    if (found.kind === 'file') files.push(found)
    else problems.push(found)
  }
  return { files, problems }
}

const paths = async (options?: WalkOptions) => (await walk(options)).files.map(file => file.path)

describe('walkFolder', () => {
  it('finds files at any depth in a stable order and leaves out what systems put there', async () => {
    const deep = Array.from({ length: 20 }, (_, level) => `level ${level}`).join('/')
    for (const path of ['b.dcm', 'a/2.png', 'a/10.png', 'a', `${deep}/film`]) {
      if (path !== 'a') await put(path)
    }
    for (const path of ['.hidden', '._b.dcm', 'a/Thumbs.db', '.git/x', '__MACOSX/a/._2.png', 'desktop.ini'])
      await put(path)
    expect(await paths()).toEqual(['b.dcm', 'a/10.png', 'a/2.png', `${deep}/film`])
  })

  it('names NFD files in NFC and keeps the spelling that opens them', async () => {
    const nfd = '강남병원/영상 01.dcm'.normalize('NFD')
    const nfc = '강남병원/영상 02.dcm'.normalize('NFC')
    await put(nfd, 'decomposed')
    await put(nfc, 'composed')
    const { files } = await walk()
    expect(files.map(file => file.path).sort()).toEqual(['강남병원/영상 01.dcm', '강남병원/영상 02.dcm'])
    const decomposed = files.find(file => file.path.endsWith('01.dcm'))!
    expect(decomposed.rawPath).toBe(nfd)
    expect(await readFile(absolutePath(root, decomposed), 'utf8')).toBe('decomposed')
    expect(files.find(file => file.path.endsWith('02.dcm'))!.rawPath).toBeNull()
  })

  it('follows links once and ends in spite of loops', async () => {
    await put('films/1.dcm')
    await put('films/sub/2.dcm')
    await symlink('..', join(root, 'films/sub/up'))
    await symlink('self', join(root, 'self'))
    await symlink('films', join(root, 'again'))
    await symlink('films/1.dcm', join(root, 'one.dcm'))
    await symlink('nowhere', join(root, 'broken'))
    const { files, problems } = await walk()
    expect(files.map(file => file.path)).toEqual(['films/1.dcm', 'films/sub/2.dcm', 'one.dcm'])
    expect(problems.map(problem => problem.path).sort()).toEqual(['broken', 'self'])
  })

  it('walks neither the open project nor another one', async () => {
    await put('film.dcm')
    await put('project/neogate.sqlite')
    await put('project/cache/thumbnail.webp')
    await put('open/inside.dcm')
    await symlink('open', join(root, 'link to open'))
    expect(await paths({ markerFile: 'neogate.sqlite', excludedFolders: [join(root, 'open')] })).toEqual([
      'film.dcm'
    ])
  })

  it.skipIf(process.getuid?.() === 0)('reports an unreadable folder and goes on', async () => {
    await put('closed/1.dcm')
    await put('open/2.dcm')
    await chmod(join(root, 'closed'), 0)
    const { files, problems } = await walk()
    await chmod(join(root, 'closed'), 0o700)
    expect(files.map(file => file.path)).toEqual(['open/2.dcm'])
    expect(problems).toEqual([
      { kind: 'problem', path: 'closed', detail: 'No permission to read this folder.' }
    ])
  })

  it.skipIf(process.platform === 'win32')(
    'reports a path that is too long for the system and goes on',
    async () => {
      await put('z.dcm')
      const folder = 'x'.repeat(250)
      const previous = process.cwd()
      try {
        process.chdir(root)
        for (let depth = 0; depth < 18; depth++) {
          await mkdir(folder)
          process.chdir(folder)
        }
        await writeFile('deep.dcm', '')
      } finally {
        process.chdir(previous)
      }
      const { files, problems } = await walk()
      // Node's rm cannot take away what lies too deep either.
      execFileSync('rm', ['-rf', join(root, folder)])
      expect(files.map(file => file.path)).toEqual(['z.dcm'])
      expect(problems).toHaveLength(1)
      expect(problems[0]!.detail).toBe('The path is longer than this system allows.')
    }
  )

  it('reports names that are not UTF-8', async () => {
    await writeFile(
      Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xb0, 0xa1]), Buffer.from('.dcm')]),
      ''
    )
    const { files, problems } = await walk()
    expect(files).toEqual([])
    expect(problems[0]!.detail).toContain('not valid UTF-8')
  })

  it('stops when it is cancelled and refuses a root that is not there or not a folder', async () => {
    await put('film.dcm')
    const controller = new AbortController()
    controller.abort()
    await expect(walk({ signal: controller.signal })).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(walkFolder(join(root, 'no')).next()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(walkFolder(join(root, 'film.dcm')).next()).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('surveyFolder', () => {
  it('counts files by extension and finds tables', async () => {
    for (const path of ['1.DCM', '2.dcm', '3.png', 'films/1.2.840.1', 'table.csv', 'notes.json'])
      await put(path)
    const survey = await surveyFolder(root)
    expect(survey).toMatchObject({ files: 6, complete: true })
    expect(survey.byExtension[0]).toEqual({ extension: '.dcm', count: 2 })
    expect(survey.byExtension).toContainEqual({ extension: '', count: 1 })
    expect(survey.tables.map(table => table.path)).toEqual([
      join(root, 'table.csv'),
      join(root, 'notes.json')
    ])
    expect(survey.tables[0]!.byteSize).toBe('table.csv'.length)
  })

  it('takes many label files as one tree', async () => {
    for (let i = 0; i < 8; i++) {
      await put(`1.데이터/01.원천데이터/TS_RDS/${i}.png`)
      await put(`1.데이터/02.라벨링데이터/TL_RDS/${i}.json`, '{}')
    }
    const survey = await surveyFolder(root)
    expect(survey.tables).toEqual([{ path: join(root, '1.데이터/02.라벨링데이터/TL_RDS'), byteSize: 16 }])
  })
})
