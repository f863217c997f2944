import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeFilmPixels, pixelHeader, type Job, type ProjectChange } from '../../src/contract'
import { createCore, forkChild, silentLogger } from '../../src/core/create-core'
import { built, root } from '../support/built'
import { temporaryFolder } from '../support/temporary-folder'
import { startDirect } from './hosts/direct'
import { startElectronHost } from './hosts/electron'
import type { TestHost } from './hosts/host'
import { startLocalhost } from './hosts/localhost'

const EVERYTHING = { filter: { text: '', facets: {} } }
const NOBODY = 'a'.repeat(26)

/** A small study folder, drawn once for all hosts. */
async function drawStudy(folder: string): Promise<{ films: number; table: string }> {
  const core = await createCore({
    host: 'cli',
    shell: 'terminal',
    spawnChild: forkChild(built('main/worker.cjs')),
    resourcesFolder: join(root, 'resources'),
    screensFolder: null,
    userFolder: join(folder, 'user'),
    logger: silentLogger
  })
  try {
    const { createRouterClient } = await import('@orpc/server')
    const client = createRouterClient(core.terminalRouter, { context: {} })
    return await client.tools.makeDemo({ folder: join(folder, 'study'), infants: 6, seed: 7 })
  } finally {
    await core.close()
  }
}

let study: Awaited<ReturnType<typeof temporaryFolder>>
let drawn: Awaited<ReturnType<typeof drawStudy>>
beforeAll(async () => {
  study = await temporaryFolder('study')
  drawn = await drawStudy(study.path)
})
afterAll(() => study.remove())

describe.each([
  ['direct', startDirect],
  ['localhost', startLocalhost],
  ['Electron', startElectronHost]
])('contract over %s', (_name, start) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let host: TestHost
  let project: string

  beforeAll(async () => {
    folder = await temporaryFolder('contract')
    project = join(folder.path, 'project')
    host = await start(join(folder.path, 'user'))
    // The window of a fresh machine opens the demo by itself; the suite brings its own project.
    await host.client.project.close()
  })
  afterAll(async () => {
    await host.close()
    await folder.remove()
  })

  /** The first film in the default order. */
  async function firstFilm() {
    const { rows } = await host.client.films.query({ query: EVERYTHING, offset: 0, limit: 1 })
    return host.client.films.get({ id: rows[0]!.id })
  }

  async function watchToTheEnd(jobId: string): Promise<Job[]> {
    const seen: Job[] = []
    for await (const job of await host.client.jobs.watch({ id: jobId })) seen.push(job)
    return seen
  }

  it('says which host answers', async () => {
    const info = await host.client.app.info()
    expect(info.host).toBe(host.kind)
    expect(info.runtime.onnxruntime).toMatch(/^\d+\.\d+/)
  })

  it('refuses what needs a project while none is open', async () => {
    expect(await host.client.project.current()).toBeNull()
    const calls = [
      () => host.client.films.ids({ query: EVERYTHING }),
      () => host.client.jobs.list(),
      () => host.client.history.verify(),
      () => host.client.project.changes()
    ]
    for (const call of calls)
      await expect(call()).rejects.toMatchObject({ code: 'NO_PROJECT', defined: true })
  })

  it('refuses payloads that do not follow the contract, naming the field', async () => {
    const call = host.client as unknown as Record<
      string,
      Record<string, (input?: unknown) => Promise<unknown>>
    >
    const wrong: [area: string, name: string, input: unknown, field: string | undefined][] = [
      ['project', 'create', { folder: '', name: 'x' }, 'folder'],
      ['project', 'create', { folder: '/x', name: '   ' }, 'name'],
      ['project', 'create', { folder: 7, name: 'x' }, 'folder'],
      ['project', 'open', {}, 'folder'],
      ['project', 'open', undefined, undefined],
      ['films', 'get', { id: '../../etc/passwd' }, 'id'],
      ['films', 'query', { query: EVERYTHING, offset: -1, limit: 10 }, 'offset'],
      ['films', 'query', { query: EVERYTHING, offset: 0, limit: 100_000 }, 'limit'],
      [
        'films',
        'query',
        { query: { filter: { text: '', facets: { nothing: [] } } }, offset: 0, limit: 1 },
        'query.filter.facets'
      ],
      [
        'labelling',
        'setLabel',
        { filmId: NOBODY, value: { diagnosis: 'Flu' }, revision: 0 },
        'value.diagnosis'
      ],
      [
        'labelling',
        'setContext',
        { patientId: NOBODY, value: { gaDays: 20, bwGrams: 900, sex: null }, reason: '', revision: 0 },
        'value.gaDays'
      ],
      ['bulk', 'preview', { filmIds: [NOBODY], action: { kind: 'bw-factor', factor: 7 } }, 'action.factor'],
      ['views', 'save', { id: null, name: ' ', ...EVERYTHING }, 'name'],
      ['labelling', 'setTags', { filmId: NOBODY, tags: ['ett:left'], revision: 0 }, 'tags.0'],
      [
        'labelling',
        'setTags',
        { filmId: NOBODY, tags: ['pneumothorax:left', 'pneumothorax:right'], revision: 0 },
        'tags'
      ],
      ['app', 'changeSettings', { locale: 'xx' }, 'locale'],
      ['jobs', 'get', { id: 'DROP TABLE job' }, 'id']
    ]
    for (const [area, name, input, field] of wrong) {
      const error = await call[area]![name]!(input).then(
        () => null,
        (thrown: unknown) => thrown
      )
      expect(error, `${area}.${name}`).toMatchObject({ code: 'INVALID_INPUT', defined: true })
      expect((error as { data: { field?: string } }).data.field, `${area}.${name}`).toBe(field)
    }
  })

  it('has no other procedures, and never the terminal’s file tools', async () => {
    const call = host.client as unknown as Record<
      string,
      Record<string, (input?: unknown) => Promise<unknown>>
    >
    const attempt = async (area: string, name: string) => call[area]![name]!({ paths: ['/etc/passwd'] })
    await expect(attempt('tools', 'inspect')).rejects.toThrow()
    await expect(attempt('tools', 'writePixels')).rejects.toThrow()
    await expect(attempt('project', 'erase')).rejects.toThrow()
  })

  it('makes a project once', async () => {
    const made = await host.client.project.create({ folder: project, name: 'Contract' })
    expect(made).toMatchObject({ folder: project, name: 'Contract', demo: false })
    expect(made.counts.films).toBe(0)
    expect(await host.client.project.current()).toEqual(made)
    await expect(host.client.project.create({ folder: project, name: 'Again' })).rejects.toMatchObject({
      code: 'PROJECT_EXISTS',
      data: { file: expect.stringContaining(project) }
    })
  })

  it('opens the project again, and names what is not one', async () => {
    const reopened = await host.client.project.open({ folder: project })
    expect(reopened.name).toBe('Contract')
    await expect(host.client.project.open({ folder: join(project, 'nothing') })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    })
    await host.client.project.open({ folder: project })
  })

  it('imports a study, streaming progress to the end, the same the second time', async () => {
    const study = drawn.table.replace(/[/\\][^/\\]+$/, '')
    const survey = await host.client.intake.survey({ folder: study })
    expect(survey.files).toBeGreaterThanOrEqual(drawn.films)
    const { suggested } = await host.client.intake.inspectTable({ path: drawn.table, folder: study })
    const source = { folder: study, table: drawn.table, mapping: suggested }

    const first = await host.client.intake.start({ source, dryRun: false })
    const seen = await watchToTheEnd(first.jobId)
    expect(seen.at(-1)).toMatchObject({ id: first.jobId, state: 'done' })
    const whole = { jobId: first.jobId, outcomes: null, offset: 0, limit: 1000 }
    const report = await host.client.intake.report(whole)
    expect(report.counts).toMatchObject({ new: drawn.films, labels: drawn.films })

    const second = await host.client.intake.start({ source, dryRun: false })
    await watchToTheEnd(second.jobId)
    const again = await host.client.intake.report({ ...whole, jobId: second.jobId })
    expect(again.counts).toMatchObject({ new: 0, unchanged: drawn.films, labels: 0, contexts: 0 })
  })

  it('lists, filters and counts films', async () => {
    const all = await host.client.films.query({ query: EVERYTHING, offset: 0, limit: 500 })
    expect(all.total).toBe(drawn.films)
    expect(all.rows).toHaveLength(drawn.films)
    expect(await host.client.films.ids({ query: EVERYTHING })).toEqual(all.rows.map(({ id }) => id))
    const facets = await host.client.films.facets({ filter: EVERYTHING.filter })
    expect(facets.site?.reduce((sum, { count }) => sum + count, 0)).toBe(drawn.films)
    await expect(host.client.films.get({ id: NOBODY })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('labels, refuses a stale write, and takes back', async () => {
    const before = await firstFilm()
    const diagnosis = before.row.label === 'TTN' ? 'RDS' : 'TTN'
    const value = { diagnosis, certainty: 'sure', comment: '태변 아님' } as const
    const id = before.row.id
    const after = await host.client.labelling.setLabel({ filmId: id, value, revision: before.revision })
    expect(after.label).toEqual(value)
    expect(after.revision).toBeGreaterThan(before.revision)
    const stale = {
      ...value,
      diagnosis: 'BPD',
      comment: 'written without having seen the last change'
    } as const
    await expect(
      host.client.labelling.setLabel({ filmId: id, value: stale, revision: before.revision })
    ).rejects.toMatchObject({ code: 'CONFLICT' })
    const undone = await host.client.history.undo()
    expect(undone?.subjectId).toBe(id)
    expect((await firstFilm()).label?.diagnosis ?? null).toBe(before.label?.diagnosis ?? null)
    await host.client.history.redo()
    expect((await firstFilm()).label).toEqual(value)
    expect(await host.client.history.verify()).toMatchObject({ intact: true, broken: null })
  })

  it('notes findings and devices in one order, apart from the label, and takes them back', async () => {
    const before = await firstFilm()
    const { row, revision } = before
    const tagged = await host.client.labelling.setTags({
      filmId: row.id,
      tags: ['ett:too-low', 'pneumothorax:left'],
      revision
    })
    expect(tagged.row.tags).toEqual(['pneumothorax:left', 'ett:too-low'])
    expect(tagged.row.taggedBy).not.toBeNull()
    expect(tagged.label).toEqual(before.label)
    await expect(
      host.client.labelling.setTags({ filmId: row.id, tags: ['cardiomegaly'], revision })
    ).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await host.client.history.undo()).toMatchObject({ kind: 'tags', subjectId: row.id })
    expect((await firstFilm()).row.tags).toEqual([])
    expect(await host.client.history.verify()).toMatchObject({ intact: true })
  })

  it('has growth curves of a sex, and of both', async () => {
    const boys = await host.client.labelling.growthCurves({ sex: 'M' })
    const median = boys.curves.find(({ z }) => z === 0)!
    // INTERGROWTH-21st, boys, 40+0.
    expect(median.grams[boys.days.indexOf(280)]).toBe(3380)
    const both = await host.client.labelling.growthCurves({ sex: null })
    expect(new Set(both.curves.map(({ sex }) => sex))).toEqual(new Set(['M', 'F']))
  })

  it('checks and corrects GA and BW', async () => {
    const { row, revision } = await firstFilm()
    const kilograms = await host.client.labelling.assessContext({
      gaDays: 206,
      bwGrams: 1.25,
      sex: 'F',
      ageHours: 3
    })
    expect(kilograms.findings.map(({ kind }) => kind)).toContain('bw-in-kilograms')
    const value = { gaDays: 206, bwGrams: 1250, sex: 'F' } as const
    const saved = await host.client.labelling.setContext({
      patientId: row.patientId,
      value,
      reason: 'chart',
      revision
    })
    expect(saved.assessment.state).toBe('ok')
    expect((await firstFilm()).row).toMatchObject(value)
  })

  it('changes many films at once as it was previewed, and takes that back as one', async () => {
    const ids = await host.client.films.ids({ query: EVERYTHING })
    const filmIds = ids.slice(0, 10)
    const action = { kind: 'label', diagnosis: 'ALS' } as const
    const labelsOf = async () => {
      const { rows } = await host.client.films.query({ query: EVERYTHING, offset: 0, limit: 10 })
      return rows.map(({ label }) => label)
    }
    const before = await labelsOf()
    const plan = await host.client.bulk.preview({ filmIds, action })
    const same = before.filter(label => label === 'ALS').length
    expect(plan).toMatchObject({ films: 10, changes: 10 - same })
    expect(plan.left.reduce((sum, { count }) => sum + count, 0)).toBe(same)
    const { changes } = await host.client.bulk.apply({ filmIds, action, reason: '', seen: plan.seen })
    expect(changes).toBe(plan.changes)
    expect(new Set(await labelsOf())).toEqual(new Set(['ALS']))
    const again = { filmIds, action: { kind: 'label-remove' }, reason: '', seen: plan.seen } as const
    await expect(host.client.bulk.apply(again)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await host.client.history.undo()).toMatchObject({ together: changes })
    expect(await labelsOf()).toEqual(before)
    await host.client.history.redo()
    await host.client.history.undo()
    expect(await host.client.history.verify()).toMatchObject({ intact: true })

    const underWay = await host.client.history.underWay()
    expect((await underWay.next()).value).toBeNull()
    await underWay.return?.(undefined)
    await expect(host.client.history.cancel({ id: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('keeps sets of films and views, and narrows the table to a set', async () => {
    const ids = await host.client.films.ids({ query: EVERYTHING })
    const filmIds = [ids[7]!, ids[2]!]
    const set = await host.client.films.keepSet({ name: '평가: 라벨 TTN', filmIds })
    expect(await host.client.films.getSet({ id: set.id })).toEqual(set)
    const filter = { ...EVERYTHING.filter, set: set.id }
    expect(await host.client.films.ids({ query: { filter } })).toEqual([ids[2], ids[7]])
    await expect(
      host.client.films.ids({ query: { filter: { ...filter, set: NOBODY } } })
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })

    const sort = { key: 'confidence', direction: 'descending' } as const
    const view = { id: null, name: 'TTN', filter, sort, columns: null, isDefault: true }
    const saved = await host.client.views.save(view)
    expect(await host.client.views.list()).toEqual([saved])
    await expect(host.client.views.save(view)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      data: { field: 'name' }
    })
    await host.client.views.remove({ id: saved.id })
    expect(await host.client.views.list()).toEqual([])
  })

  it('exports the table, or what was chosen of it, with its notice on every line', async () => {
    const ids = await host.client.films.ids({ query: EVERYTHING })
    const ask = { query: EVERYTHING, columns: ['patientKey', 'gaDays', 'missing'] as const }
    const all = await host.client.films.exportTable({ ...ask, columns: [...ask.columns], filmIds: null })
    expect(all.rows).toBe(ids.length)
    const lines = all.csv.trimEnd().split('\r\n')
    expect(lines[0]).toBe('\ufefffilmId,patientKey,gaDays,missing,notice')
    expect(lines.slice(1).every(line => line.endsWith('Research use only. Not for diagnosis.'))).toBe(true)
    const some = await host.client.films.exportTable({
      ...ask,
      columns: [...ask.columns],
      filmIds: [ids[3]!, ids[1]!]
    })
    expect(
      some.csv
        .split('\r\n')
        .slice(1, 3)
        .map(line => line.slice(0, 26))
    ).toEqual([ids[1], ids[3]])
  })

  it('tells of changes as they happen, until the listener leaves', async () => {
    const changes = await host.client.project.changes()
    const next = changes.next()
    const { row, revision } = await firstFilm()
    await host.client.labelling.setLabel({
      filmId: row.id,
      value: { diagnosis: 'BPD', certainty: 'unsure', comment: '' },
      revision
    })
    const change = (await next).value as ProjectChange
    expect(change.areas).toContain('labels')
    await changes.return?.(undefined)
    // The connection goes on after a listener has left.
    expect((await host.client.app.info()).host).toBe(host.kind)
  })

  it('predicts one film, and again for other GA and BW, without storing them', async () => {
    const { row } = await firstFilm()
    const ask = { filmId: row.id, modelId: null }
    const stored = await host.client.predictions.get({ ...ask, context: null })
    expect(stored.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5)
    expect(stored.context).toMatchObject({ gaDays: 206, bwGrams: 1250, imputed: [] })
    const other = await host.client.predictions.get({ ...ask, context: { gaDays: 280, bwGrams: 3600 } })
    expect(other.logits).not.toEqual(stored.logits)
    expect(await host.client.predictions.get({ ...ask, context: null })).toEqual(stored)
  })

  it('sends pixels and thumbnails by the same paths', async () => {
    const { row, rows, columns } = await firstFilm()
    const pixels = await host.get(`/pixels/${row.id}`)
    expect(pixels).toMatchObject({ status: 200, contentType: 'application/octet-stream' })
    const film = decodeFilmPixels(new Uint8Array(pixels.body).buffer)
    expect(pixelHeader.parse(film.header)).toEqual(film.header)
    expect(film.header).toMatchObject({ rows, columns })
    expect(new Set(film.values).size).toBeGreaterThan(100)
    const thumbnail = await host.get(`/thumbnails/${row.id}`)
    expect(thumbnail).toMatchObject({ status: 200, contentType: 'image/webp' })
    expect(Buffer.from(thumbnail.body.subarray(8, 12)).toString('latin1')).toBe('WEBP')
    for (const path of [`/pixels/${NOBODY}`, '/pixels/..%2f..', '/thumbnails/x']) {
      expect((await host.get(path)).status, path).toBeGreaterThanOrEqual(400)
    }
  })

  it('keeps a second process out of the open project, and says so', async () => {
    const other = await startDirect(join(folder.path, 'other-user'))
    try {
      await expect(other.client.project.open({ folder: project })).rejects.toMatchObject({
        code: 'PROJECT_LOCKED',
        data: { remedy: expect.any(String) }
      })
    } finally {
      await other.close()
    }
  })

  it('ends the stream of changes when the project is closed', async () => {
    const changes = await host.client.project.changes()
    const ended = (async () => {
      for await (const change of changes) void change
    })()
    await host.client.project.close()
    await ended
    expect(await host.client.project.current()).toBeNull()
  })
})
