import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ImportItem, ImportReport, Mapping } from '../../../contract'
import {
  createChildPool,
  createRandom,
  forkChild,
  silentLogger,
  systemClock,
  type ChildPool
} from '../../foundation'
import type { Job } from '../../job-queue'
import type { CoreContext } from '../core-context'
import { createIntakeService, registerImportJobs } from '../intake'
import { openProjectSession, type OpenSession } from '../project-session'

const entry = fileURLToPath(new URL('../worker-entry.ts', import.meta.url))

let pool: ChildPool
let base: string
let films: string
let session: OpenSession

beforeAll(() => {
  pool = createChildPool({
    spawn: forkChild(entry, ['--import', 'tsx']),
    role: 'film',
    size: 2,
    timeoutMs: 60_000
  })
})
afterAll(() => pool.close())

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'neogate-import-'))
  films = join(base, 'films')
  await mkdir(films)
  session = await open('create')
})
afterEach(async () => {
  await session.close()
  await rm(base, { recursive: true, force: true })
})

async function open(mode: 'create' | 'open'): Promise<OpenSession> {
  const target = mode === 'create' ? ({ mode, name: 'import test' } as const) : ({ mode } as const)
  const opened = await openProjectSession({
    folder: join(base, 'project'),
    target,
    clock: systemClock,
    logger: silentLogger
  })
  registerImportJobs({ films: pool }, opened)
  return opened
}

const core = { films: undefined as never, project: () => session } as unknown as CoreContext
const intake = createIntakeService(core)

/** A grey PNG that is different for every seed. */
async function film(path: string, seed: number): Promise<void> {
  const random = createRandom(seed, 'film')
  const pixels = Uint8Array.from({ length: 64 * 64 }, () => random.integer(0, 255))
  const file = join(films, path)
  await mkdir(dirname(file), { recursive: true })
  await sharp(pixels, { raw: { width: 64, height: 64, channels: 1 } })
    .png()
    .toFile(file)
}

async function table(text: string | Buffer, name = 'table.csv'): Promise<string> {
  const file = join(base, name)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
  return file
}

const mapping: Mapping = {
  columns: {
    imageKey: 'file',
    patientKey: 'infant',
    site: 'hospital',
    ga: 'ga',
    bw: 'bw',
    sex: 'sex',
    label: 'dx'
  },
  imageKeyKind: 'path',
  gaUnit: 'weeks+days',
  bwUnit: 'g',
  labels: { RDS: 'RDS', ttn: 'TTN', 정상: 'Normal' },
  sexes: { '1': 'M', '2': 'F' },
  defaultSite: null
}
const HEADER = 'file,infant,hospital,ga,bw,sex,dx'

interface Result {
  job: Job
  report: ImportReport
}

async function finished(jobId: string): Promise<Result> {
  let job: Job | undefined
  for await (const snapshot of session.jobs.watch(jobId)) job = snapshot
  return {
    job: job!,
    report: await intake.report({ jobId, outcomes: null, offset: 0, limit: 1000 }, {})
  }
}

async function run(
  options: { table?: string; mapping?: Mapping; dryRun?: boolean; folder?: string } = {}
): Promise<Result> {
  const { jobId } = await intake.start(
    {
      source: {
        folder: options.folder ?? films,
        table: options.table ?? null,
        mapping: options.table ? (options.mapping ?? mapping) : null
      },
      dryRun: options.dryRun ?? false
    },
    {}
  )
  const result = await finished(jobId)
  expect(result.job.error).toBeNull()
  return result
}

const rows = async () =>
  (
    await session.studies.query(
      { filter: { text: '', facets: {} }, sort: { key: 'path', direction: 'ascending' } },
      0,
      500
    )
  ).rows

const lines = (report: ImportReport, outcome: ImportItem['outcome']) =>
  report.items.filter(item => item.outcome === outcome).map(({ path, reason }) => [path, reason])

/** Size and time of every file below a folder. */
async function footprint(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of await readdir(folder, { recursive: true })) {
    const { size, mtimeMs } = await stat(join(folder, name))
    found[name] = `${size} ${mtimeMs}`
  }
  return found
}

describe('import', () => {
  it('takes films and table values in, tells why not, and changes nothing when it is done again', async () => {
    await film('h1/a/1.png', 1)
    await film('h1/a/2.png', 2)
    await film('h2/b.png', 3)
    await film('h2/한글.png'.normalize('NFD'), 4)
    await writeFile(join(films, 'h2/broken.png'), (await readFile(join(films, 'h2/b.png'))).subarray(0, 40))
    await writeFile(join(films, 'notes.txt'), 'not a film')
    const csv = await table(
      [
        HEADER,
        'h1/a/1.png,A1,H1,29+3,"1,250",1,RDS',
        'h1/a/2.png,A1,H1,29w3d,1250,1,ttn',
        'h2/b.png,B1,H2,61,990,2,정상',
        'h2/한글.png,B2,H2,30+0,1.2,3,pneumonia',
        'h2/gone.png,B3,H2,30+0,1200,1,RDS',
        'h2/broken.png,B4,H2,30+0,1200,1,RDS',
        '=cmd(),B5,H2,30+0,1200,1,RDS'
      ].join('\r\n')
    )
    const before = await footprint(films)
    const { job, report } = await run({ table: csv })
    expect(job.state).toBe('done')
    expect(report.counts).toEqual({
      files: 5,
      new: 4,
      unchanged: 0,
      changed: 0,
      refused: 1,
      passedOver: 1,
      rowsRefused: 3,
      rowsUnmatched: 2,
      labels: 3,
      contexts: 3
    })
    expect(job.summary).toEqual(report.counts)
    expect(lines(report, 'refused')).toEqual([['h2/broken.png', 'damaged']])
    expect(lines(report, 'passed-over')).toEqual([['notes.txt', null]])
    expect(lines(report, 'row-refused')).toEqual([
      ['table:4', 'ga-out-of-range'],
      ['table:5', 'bw-out-of-range'],
      ['table:5', 'sex-unknown'],
      ['table:5', 'label-unknown'],
      ['table:8', 'formula-cell']
    ])
    expect(lines(report, 'row-unmatched')).toEqual([
      ['table:6', 'no-film'],
      ['table:7', 'film-refused']
    ])
    expect(report.items.find(item => item.reason === 'bw-out-of-range')).toMatchObject({
      field: 'bw',
      line: 5
    })
    expect(
      (await rows()).map(row => [
        row.path,
        row.patientKey,
        row.site,
        row.gaDays,
        row.bwGrams,
        row.sex,
        row.label
      ])
    ).toEqual([
      ['h1/a/1.png', 'A1', 'H1', 206, 1250, 'M', 'RDS'],
      ['h1/a/2.png', 'A1', 'H1', 206, 1250, 'M', 'TTN'],
      ['h2/b.png', 'B1', 'H2', null, 990, 'F', 'Normal'],
      ['h2/한글.png', 'B2', 'H2', 210, null, null, null]
    ])
    expect(await footprint(films)).toEqual(before)

    const head = await session.labels.head()
    const again = await run({ table: csv })
    expect(again.report.counts).toMatchObject({
      new: 0,
      unchanged: 4,
      changed: 0,
      refused: 1,
      passedOver: 1,
      labels: 0,
      contexts: 0
    })
    expect(await session.labels.head()).toEqual(head)
    expect((await session.labels.verify()).intact).toBe(true)
  })

  it('passes over documents by their content and name, not films that are named so', async () => {
    await film('scan.txt', 1)
    await writeFile(join(films, 'readme.md'), '')
    await writeFile(join(films, 'report.pdf'), '%PDF-1.7')
    await writeFile(join(films, 'IM0001'), 'text under no name of a document')
    const { report } = await run()
    expect(report.counts).toMatchObject({ files: 2, new: 1, refused: 1, passedOver: 2 })
    expect(lines(report, 'new')).toEqual([['scan.txt', null]])
    expect(lines(report, 'refused')).toEqual([['IM0001', 'not-a-film']])
    expect(lines(report, 'passed-over').map(([path]) => path)).toEqual(['readme.md', 'report.pdf'])
  })

  it('rehearses: the same report as the import, and nothing written', async () => {
    for (let i = 0; i < 70; i++) await film(`site ${i % 3}/P${i % 20}/${i}.png`, i)
    await copyFile(join(films, 'site 0/P0/0.png'), join(films, 'site 0/P0/copy.png'))
    const csv = await table(
      [
        HEADER,
        ...Array.from(
          { length: 75 },
          (_, i) =>
            `${i}.png,P${i % 20},S${i % 3},${24 + (i % 18)}+1,${i % 20 ? 800 + (i % 20) * 100 : 12},${(i % 2) + 1},${['RDS', 'ttn', 'x'][i % 3]}`
        )
      ].join('\n')
    )
    const byName = { ...mapping, imageKeyKind: 'name' as const }
    const rehearsal = await run({ table: csv, mapping: byName, dryRun: true })
    expect(await rows()).toEqual([])
    expect(await session.labels.head()).toBe(0)
    const real = await run({ table: csv, mapping: byName })
    expect(real.report.counts.new).toBe(70)
    expect(real.report.counts.refused).toBe(1)
    expect(real.report.counts.labels).toBeGreaterThan(30)
    expect(real.report.counts.contexts).toBeGreaterThan(5)
    expect(rehearsal.report.byReason.map(({ reason }) => reason)).toContain('conflicting-context')
    expect({ ...rehearsal.report, dryRun: false }).toEqual(real.report)

    const second = await run({ table: csv, mapping: byName, dryRun: true })
    expect(second.report.counts).toMatchObject({ new: 0, unchanged: 70, labels: 0, contexts: 0 })
  })

  it('refuses copies, naming the other, and follows films that moved or were replaced', async () => {
    await film('a.png', 1)
    await film('b.png', 2)
    await copyFile(join(films, 'a.png'), join(films, 'c copy.png'))
    const first = await run()
    expect(lines(first.report, 'refused')).toEqual([['c copy.png', 'duplicate']])
    expect(first.report.items[0]!.detail).toBe('The same film as a.png.')

    await rename(join(films, 'b.png'), join(films, 'moved.png'))
    const second = await run()
    expect(lines(second.report, 'changed')).toEqual([['moved.png', 'moved']])
    expect(second.report.items.find(item => item.outcome === 'changed')!.detail).toBe('It was at b.png.')
    expect((await rows()).map(row => row.path)).toEqual(['a.png', 'moved.png'])

    // The names of two films are swapped: each is found again under the other's name.
    await rename(join(films, 'a.png'), join(films, 'x'))
    await rename(join(films, 'moved.png'), join(films, 'a.png'))
    await rename(join(films, 'x'), join(films, 'moved.png'))
    await rm(join(films, 'c copy.png'))
    const third = await run()
    expect(third.report.counts).toMatchObject({ changed: 2, refused: 0, new: 0 })

    await film('a.png', 7)
    const fourth = await run()
    expect(fourth.report.counts).toMatchObject({ new: 1, unchanged: 1 })
    const missing = (await rows()).filter(row => row.missing)
    expect(missing.map(row => row.path)).toEqual(['a.png'])

    const elsewhere = join(base, 'elsewhere')
    await rename(films, elsewhere)
    const fifth = await run({ folder: elsewhere })
    expect(fifth.report.counts).toMatchObject({ changed: 2, refused: 0, new: 0 })
    expect(await session.studies.filePath((await rows())[0]!.id)).toContain(base)
  })

  it('goes on where it was cancelled, in a project opened anew, and ends with the same report', async () => {
    for (let i = 0; i < 400; i++) await film(`P${i % 50}/${i}.png`, i)
    const csv = await table(
      [
        HEADER,
        ...Array.from(
          { length: 400 },
          (_, i) => `P${i % 50}/${i}.png,P${i % 50},H,30+0,${1000 + (i % 50)},1,RDS`
        )
      ].join('\n')
    )
    const { jobId } = await intake.start(
      { source: { folder: films, table: csv, mapping }, dryRun: false },
      {}
    )
    for await (const job of session.jobs.watch(jobId)) {
      if (job.progress.step === 'read' && job.progress.done > 0) break
    }
    const cancelled = await session.jobs.cancel(jobId)
    expect(cancelled.state).toBe('cancelled')
    const done = (await session.studies.counts()).films
    expect(done).toBeGreaterThan(0)
    expect(done).toBeLessThan(400)

    await session.close()
    session = await open('open')
    await session.jobs.resume(jobId)
    const { job, report } = await finished(jobId)
    expect(job).toMatchObject({ state: 'done', error: null })
    expect(report.counts).toMatchObject({ files: 400, new: 400, unchanged: 0, labels: 400, contexts: 50 })
    expect(new Set(report.items.map(item => item.path)).size).toBe(400)
  })

  it('leaves what a reader has set and says so', async () => {
    await film('a.png', 1)
    const csv = await table(`${HEADER}\na.png,A,H,29+3,1250,1,RDS`)
    await run({ table: csv })
    const { id, patientId } = (await rows())[0]!
    const revision = async () => (await session.studies.detail(id)).revision
    await session.labels.setLabel({
      filmId: id,
      value: { diagnosis: 'TTN', certainty: 'sure', comment: '' },
      revision: await revision(),
      reader: 'Kim'
    })
    await session.labels.setContext({
      patientId,
      value: { gaDays: 207, bwGrams: 1250, sex: 'M' },
      revision: await revision(),
      reader: 'Kim',
      reason: 'chart'
    })
    const rehearsal = await run({ table: csv, dryRun: true })
    const again = await run({ table: csv })
    expect(again.report.counts).toMatchObject({ labels: 0, contexts: 0, rowsRefused: 1 })
    expect(
      again.report.items.filter(item => item.outcome === 'row-refused').map(item => [item.reason, item.field])
    ).toEqual([
      ['reader-value-kept', 'dx'],
      ['reader-value-kept', 'ga']
    ])
    expect({ ...rehearsal.report, dryRun: false }).toEqual(again.report)
    expect((await rows())[0]).toMatchObject({ label: 'TTN', gaDays: 207 })
  })

  it('binds a tree of label files to its parallel tree of images', async () => {
    for (let i = 0; i < 8; i++) {
      await film(`1.데이터/01.원천데이터/TS_RDS/${i}.png`, i)
      await film(`1.데이터/01.원천데이터/TS_TTN/${i}.png`, 100 + i)
      const label = (dx: string) =>
        JSON.stringify({ patient: { id: `${dx}${i}` }, birth: { ga: '30+1', weight: 1300 + i }, 진단명: dx })
      await table(label('호흡곤란증후군'), `films/1.데이터/02.라벨링데이터/TL_RDS/${i}.json`)
      await table(label('신생아 일과성 빈호흡'), `films/1.데이터/02.라벨링데이터/TL_TTN/${i}.json`)
    }
    const survey = await intake.survey({ folder: films }, {})
    expect(survey.tables).toHaveLength(1)
    const tree = survey.tables[0]!.path
    const inspected = await intake.inspectTable({ path: tree, folder: films }, {})
    expect(inspected).toMatchObject({ format: 'json-tree', rowCount: 16 })
    expect(inspected.suggested).toMatchObject({
      columns: { imageKey: '@path', label: '진단명' },
      imageKeyKind: 'path',
      labels: { 호흡곤란증후군: 'RDS', '신생아 일과성 빈호흡': 'TTN' }
    })
    const columns = {
      ...inspected.suggested.columns,
      patientKey: 'patient.id',
      ga: 'birth.ga',
      bw: 'birth.weight'
    }
    const { report } = await run({ table: tree, mapping: { ...inspected.suggested, columns } })
    expect(report.counts).toMatchObject({ files: 16, new: 16, labels: 16, contexts: 16, rowsUnmatched: 0 })
    const labels = (await rows()).map(row => [row.path.includes('TS_RDS') ? 'RDS' : 'TTN', row.label])
    for (const [folder, label] of labels) expect(label).toBe(folder)
  })

  it('reports a file name that several films have instead of guessing', async () => {
    await film('h1/1.png', 1)
    await film('h2/1.png', 2)
    await film('h2/2.png', 3)
    const csv = await table(`${HEADER}\n1.png,A,H,29+3,1250,1,RDS\n2.png,B,H,30+0,1300,2,ttn`)
    const { report } = await run({ table: csv, mapping: { ...mapping, imageKeyKind: 'name' } })
    expect(lines(report, 'row-refused')).toEqual([['table:2', 'key-ambiguous']])
    expect((await rows()).map(row => [row.path, row.patientKey, row.label])).toEqual([
      ['h1/1.png', 'h1/1', null],
      ['h2/1.png', 'h2/1', null],
      ['h2/2.png', 'B', 'TTN']
    ])
  })

  it('gives all films of an infant the values of its row where rows name infants', async () => {
    await film('P001/1.png', 1)
    await film('P001/2.png', 2)
    await film('P002/1.png', 3)
    const csv = await table('id,gad,bwei\nP001,206,1250\nP003,200,900')
    const { report } = await run({
      table: csv,
      mapping: {
        ...mapping,
        columns: { patientKey: 'id', ga: 'gad', bw: 'bwei' },
        gaUnit: 'days',
        defaultSite: 'Seoul'
      }
    })
    expect(report.counts).toMatchObject({ new: 3, contexts: 1, rowsUnmatched: 1 })
    expect((await rows()).map(row => [row.patientKey, row.site, row.gaDays])).toEqual([
      ['P001', 'Seoul', 206],
      ['P001', 'Seoul', 206],
      ['P002', 'Seoul', null]
    ])
  })

  it('fails with the column at fault and takes in nothing when the mapping does not fit the table', async () => {
    await film('a.png', 1)
    const csv = await table('file,label\na.png,RDS')
    const { jobId } = await intake.start(
      { source: { folder: films, table: csv, mapping }, dryRun: false },
      {}
    )
    const { job } = await finished(jobId)
    expect(job).toMatchObject({
      state: 'failed',
      error: { code: 'TABLE_REFUSED', data: { reason: 'missing-column', field: 'infant' } }
    })
    expect(await rows()).toEqual([])
  })

  it('refuses to start on the project itself and without a key', async () => {
    const source = { folder: join(base, 'project'), table: null, mapping: null }
    await expect(intake.start({ source, dryRun: true }, {})).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    const keyless = { ...mapping, columns: { ga: 'ga' } }
    await expect(
      intake.start({ source: { folder: films, table: '/t.csv', mapping: keyless }, dryRun: true }, {})
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', detail: { field: 'imageKey' } })
  })

  it('keeps mapping profiles by name and pages the report with refusals first', async () => {
    await intake.saveProfile({ name: 'KNN', mapping }, {})
    await intake.saveProfile({ name: 'AI-Hub', mapping }, {})
    const saved = await intake.saveProfile({ name: 'KNN', mapping: { ...mapping, bwUnit: 'kg' } }, {})
    expect(saved.map(profile => [profile.name, profile.mapping.bwUnit])).toEqual([
      ['AI-Hub', 'g'],
      ['KNN', 'kg']
    ])
    expect(await intake.deleteProfile({ name: 'AI-Hub' }, {})).toHaveLength(1)

    for (let i = 0; i < 9; i++) await film(`${i}.png`, i)
    await writeFile(join(films, '5 empty.png'), '')
    const { jobId } = await intake.start(
      { source: { folder: films, table: null, mapping: null }, dryRun: false },
      {}
    )
    await finished(jobId)
    const page = (offset: number) => intake.report({ jobId, outcomes: null, offset, limit: 4 }, {})
    const all = [...(await page(0)).items, ...(await page(4)).items, ...(await page(8)).items]
    expect(all).toHaveLength(10)
    expect(all[0]).toMatchObject({ path: '5 empty.png', outcome: 'refused', reason: 'empty' })
    expect((await page(0)).total).toBe(10)
    expect(
      (await intake.report({ jobId, outcomes: ['refused'], offset: 0, limit: 10 }, {})).items
    ).toHaveLength(1)
    await expect(
      intake.report({ jobId: 'x', outcomes: null, offset: 0, limit: 1 }, {})
    ).rejects.toMatchObject({
      code: 'NOT_FOUND'
    })
  })
})
