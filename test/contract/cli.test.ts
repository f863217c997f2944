import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { built, root } from '../support/built'
import { runNeogate, type CommandResult } from '../support/run-neogate'
import { temporaryFolder } from '../support/temporary-folder'

const COMMANDS = [
  'new',
  'import',
  'serve',
  'predict',
  'labels export',
  'labels import',
  'labels tag',
  'audit verify',
  'split make',
  'split check',
  'split export',
  'split list',
  'train',
  'train resume',
  'train list',
  'inspect',
  'pixels',
  'model new',
  'model info',
  'model card',
  'model export',
  'model list',
  'model promote',
  'model rollback',
  'model compare',
  'parity step',
  'demo make',
  'doctor'
]

describe('neogate', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  const at = (...names: string[]) => join(folder.path, ...names)
  const neogate = (...args: string[]) => runNeogate(args, at('user'))
  /** Runs with --json and parses what came. */
  async function json(...args: string[]): Promise<CommandResult & { value: never }> {
    const result = await neogate(...args, '--json')
    return { ...result, value: JSON.parse(result.stdout) as never }
  }
  const firstFilm = async () => {
    const table = await readFile(at('study', 'labels.csv'), 'utf8')
    return at('study', /[^,\n]+\.dcm/.exec(table)![0].replaceAll('"', ''))
  }

  beforeAll(async () => {
    folder = await temporaryFolder('cli')
    const { code, stderr } = await neogate('demo', 'make', at('study'), '--infants', '6', '--seed', '3')
    expect(code, stderr).toBe(0)
  })
  afterAll(() => folder.remove())

  it('lists its commands, and explains each with its exit codes', async () => {
    const overview = await neogate('--help')
    expect(overview.code).toBe(0)
    for (const name of COMMANDS) expect(overview.stdout).toContain(`  ${name}`)
    for (const name of COMMANDS) {
      const { code, stdout } = await neogate(...name.split(' '), '--help')
      expect(code, name).toBe(0)
      expect(stdout, name).toContain(`Usage: neogate ${name}`)
      expect(stdout, name).toContain('130 cancelled')
    }
  })

  it.each([
    [[], /Usage: neogate COMMAND/],
    [['fly'], /no command 'fly'/],
    [['new'], /Usage: neogate new PROJECT/],
    [['new', 'a', 'b'], /Usage: neogate new PROJECT/],
    [['new', 'a', '--wings'], /--wings/],
    [
      ['pixels', 'a.dcm', '--stage', 'raw', '--out', 'x.npy'],
      /--stage takes stored, modality, display, model/
    ],
    [['pixels', 'a.dcm', '--stage', 'stored'], /--out is required/],
    [['predict', 'a.dcm', '--model', 'm', '--ga', '29'], /--ga takes weeks and days/],
    [['serve', '--port', '99999'], /--port takes a number/]
  ])('answers a wrong command line %j with code 2 and what is wrong', async (args, message) => {
    const { code, stderr, stdout } = await neogate(...args)
    expect(code).toBe(2)
    expect(stderr + stdout).toMatch(message)
  })

  it('makes a project and imports a study, and the second time changes nothing', async () => {
    const made = await json('new', at('project'), '--name', '신생아')
    expect(made.value).toMatchObject({ name: '신생아', folder: at('project') })
    expect((await json('new', at('project'))).value).toMatchObject({ error: { code: 'PROJECT_EXISTS' } })

    const args = ['import', at('project'), at('study'), '--table', at('study', 'labels.csv')]
    const rehearsal = await json(...args, '--dry-run')
    const first = await json(...args)
    const { counts } = first.value as { counts: Record<string, number> }
    expect((rehearsal.value as { counts: object }).counts).toEqual(counts)
    expect(counts.new).toBeGreaterThan(10)
    expect(counts.labels).toBe(counts.new)
    const second = await json(...args)
    expect((second.value as { counts: object }).counts).toMatchObject({
      new: 0,
      unchanged: counts.new,
      labels: 0,
      contexts: 0
    })
  })

  it('says in exit code 3 that something was refused, and lists it', async () => {
    await writeFile(at('broken.dcm'), 'not a film')
    const { code, value } = await json('inspect', await firstFilm(), at('broken.dcm'))
    expect(code).toBe(3)
    expect(value).toMatchObject([
      { accepted: true, format: 'dicom' },
      { accepted: false, reason: 'not-a-film' }
    ])
    expect((await neogate('inspect', await firstFilm())).code).toBe(0)
  })

  it('writes pixels as .npy that hold what the header says', async () => {
    const film = await firstFilm()
    const [inspection] = (await json('inspect', film)).value as { rows: number; columns: number }[]
    const { value } = await json('pixels', film, '--stage', 'stored', '--out', at('film.npy'))
    expect(value).toMatchObject({ shape: [inspection!.rows, inspection!.columns], dtype: '<u2' })
    const npy = await readFile(at('film.npy'))
    expect(npy.subarray(0, 6).toString('latin1')).toBe('\x93NUMPY')
    const headerLength = npy.readUInt16LE(8)
    expect(npy.length).toBe(10 + headerLength + 2 * inspection!.rows * inspection!.columns)
    const model = await json('pixels', film, '--stage', 'model', '--size', '64', '--out', at('model.npy'))
    expect(model.value).toMatchObject({ shape: [3, 64, 64], dtype: '<f4' })
  })

  it('exports labels and takes them back in without changing anything', async () => {
    const exported = await json('labels', 'export', at('project'), '--out', at('labels.csv'))
    expect(exported.code).toBe(0)
    expect(await readFile(at('labels.csv'), 'utf8')).toContain('Research use only. Not for diagnosis.')
    const { value } = await json('labels', 'import', at('project'), at('labels.csv'))
    expect(value).toMatchObject({ applied: 0, refused: [] })
    expect((await json('audit', 'verify', at('project'))).value).toMatchObject({ intact: true })
  })

  it('notes findings and devices of a film, which the export then has', async () => {
    const csv = (await readFile(at('labels.csv'), 'utf8')).slice(1)
    const film = csv.split('\r\n')[1]!.split(',')[0]!
    const noted = await json('labels', 'tag', at('project'), film, '--add', 'ett:too-low,pneumothorax:left')
    expect(noted.value).toMatchObject({ filmId: film, tags: ['pneumothorax:left', 'ett:too-low'] })
    await neogate('labels', 'export', at('project'), '--out', at('tagged.csv'))
    const line = (await readFile(at('tagged.csv'), 'utf8')).split('\r\n').find(each => each.startsWith(film))
    expect(line).toContain(',pneumothorax:left,ett:too-low,')
    const left = await json('labels', 'tag', at('project'), film, '--remove', 'ett,pneumothorax')
    expect(left.value).toMatchObject({ tags: [] })
    expect((await neogate('labels', 'tag', at('project'), film, '--add', 'ett:left')).code).toBe(2)
    expect((await json('audit', 'verify', at('project'))).value).toMatchObject({ intact: true })
  })

  it('makes a split by infant, exports it and finds it unaltered, also by its pixels', async () => {
    const args = [at('project'), '--name', 'first', '--proportions', '50,25,25']
    const { code, value } = await json('split', 'make', ...args)
    expect(code).toBe(0)
    const made = value as { split: { hash: string }; table: { films: Record<string, number> } }
    expect(Object.values(made.table.films).every(films => films > 0)).toBe(true)
    expect((await json('split', 'make', ...args)).value).toMatchObject({
      error: { code: 'INVALID_INPUT', data: { field: 'name' } }
    })

    const exported = await json('split', 'export', at('project'), 'first', '--out', at('split.json'))
    expect(exported.value).toMatchObject({ hash: made.split.hash })
    const { notice, films } = JSON.parse(await readFile(at('split.json'), 'utf8')) as {
      notice: string
      films: { infantId: string; side: string }[]
    }
    expect(notice).toBe('Research use only. Not for diagnosis.')
    const sides = new Map<string, Set<string>>()
    for (const { infantId, side } of films) sides.set(infantId, (sides.get(infantId) ?? new Set()).add(side))
    expect(sides.size).toBe(6)
    expect([...sides.values()].every(({ size }) => size === 1)).toBe(true)

    const check = await json('split', 'check', at('project'), '--pixels')
    expect(check.code).toBe(0)
    expect(check.value).toMatchObject({
      passed: true,
      leakCount: 0,
      pixels: { compared: films.length, films: films.length }
    })
    expect((await json('split', 'list', at('project'))).value).toMatchObject([{ name: 'first' }])
  })

  it('predicts a file with the shipped model, and the answer follows GA and BW', async () => {
    const model = join(root, 'resources', 'demo-model')
    const ask = async (ga: string, bw: string) => {
      const args = [
        'predict',
        await firstFilm(),
        '--model',
        model,
        '--ga',
        ga,
        '--bw',
        bw,
        '--provider',
        'cpu'
      ]
      const { code, value, stderr } = await json(...args)
      expect(code, stderr).toBe(0)
      return (value as { prediction: { probabilities: number[]; context: object } }[])[0]!.prediction
    }
    const early = await ask('25w0d', '700')
    expect(early.context).toMatchObject({ gaDays: 175, bwGrams: 700, imputed: [] })
    expect(early.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5)
    const term = await ask('40+0', '3500')
    expect(term.probabilities).not.toEqual(early.probabilities)
  })

  it('makes, describes and exports a model', async () => {
    const made = await json(
      ...['model', 'new', '--method', 'ccgn-small', '--size', '64', '--seed', '5', '--out', at('model')]
    )
    expect(made.code, made.stderr + made.stdout).toBe(0)
    const info = await json('model', 'info', at('model'))
    expect(info.value).toEqual((made.value as { model: object }).model)
    for (const to of ['onnx', 'safetensors']) {
      const { code, value } = await json('model', 'export', at('model'), '--to', to, '--out', at(`m.${to}`))
      expect(code).toBe(0)
      expect((value as { byteSize: number }).byteSize).toBe((await readFile(at(`m.${to}`))).length)
    }
  })

  it('predicts a whole project', async () => {
    const { code, value, stderr } = await json('predict', at('project'), '--provider', 'cpu')
    expect(code, stderr).toBe(0)
    expect(value).toMatchObject({ kind: 'predict', state: 'done' })
  })

  it('lists, compares, promotes and rolls back versions, all of it in the history chain', async () => {
    expect((await neogate('predict', at('project'), '--model', at('model'), '--provider', 'cpu')).code).toBe(
      0
    )
    const listed = await json('model', 'list', at('project'))
    const models = listed.value as { id: string; active: boolean; hash: string }[]
    expect(models.map(({ active }) => active).sort()).toEqual([false, true])
    const [first, next] = [models.find(({ active }) => active)!, models.find(({ active }) => !active)!]

    const compared = await json('model', 'compare', at('project'), first.id.slice(0, 8), next.id.slice(0, 8))
    const { films, agreement, changed } = compared.value as {
      films: { scope: string; compared: number; considered: number }
      agreement: { same: number; changed: number }
      changed: unknown[]
    }
    expect(films).toMatchObject({ scope: 'all', compared: films.considered })
    expect(agreement.same + agreement.changed).toBe(films.compared)
    expect(changed).toHaveLength(agreement.changed)

    const promote = ['model', 'promote', at('project'), next.id.slice(0, 8)]
    expect((await neogate(...promote)).code).toBe(2)
    const refused = await json(...promote, '--reason', 'to try it')
    expect(refused.code).toBe(1)
    expect(refused.value).toMatchObject({ error: { code: 'CONFLICT', data: { reason: 'promotion-gate' } } })
    const promoted = await json(...promote, '--reason', 'to try it', '--confirm')
    expect(promoted.value).toMatchObject({ active: { id: next.id }, warnings: [{ kind: 'untrained' }] })
    const back = await json('model', 'rollback', at('project'), '--reason', 'tried')
    expect(back.value).toMatchObject({ active: { id: first.id } })
    expect((await json('audit', 'verify', at('project'))).value).toMatchObject({ intact: true })

    const { stdout } = await neogate('model', 'card', at('model'))
    expect(stdout).toContain('Research use only. Not for diagnosis.')
    expect(stdout).toContain(next.hash)
  })

  it('names file and remedy when it fails, on stderr or as JSON', async () => {
    const plain = await neogate('audit', 'verify', at('nowhere'))
    expect(plain.code).toBe(1)
    expect(plain.stderr).toContain(at('nowhere'))
    expect(plain.stdout).toBe('')
    const { value, code } = await json('model', 'info', at('nowhere'))
    expect(code).toBe(1)
    expect(value).toMatchObject({ error: { code: 'NOT_FOUND', data: { file: expect.any(String) } } })
  })

  it('stops an import on SIGINT with code 130, and the same command finishes it', async () => {
    await neogate('new', at('interrupted'))
    await neogate('demo', 'make', at('larger'), '--infants', '12', '--seed', '4')
    const args = ['import', at('interrupted'), at('larger'), '--json']
    const child = spawn(process.execPath, [built('main/server.cjs'), ...args], {
      env: { ...process.env, NEOGATE_USER_FOLDER: at('user') },
      stdio: ['ignore', 'ignore', 'pipe']
    })
    // The first line of progress: the import is under way.
    await new Promise(resolve => child.stderr.once('data', resolve))
    child.kill('SIGINT')
    const code = await new Promise(resolve => child.on('close', resolve))
    expect(code).toBe(130)
    const { value } = await json(...args.slice(0, 3))
    const { counts } = value as { counts: { files: number; new: number; unchanged: number; refused: number } }
    expect(counts.new + counts.unchanged + counts.refused).toBe(counts.files)
    expect((await json('audit', 'verify', at('interrupted'))).value).toMatchObject({ intact: true })
  })
})
