import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  ContextSurface,
  GateReport,
  NearestFilms,
  Occlusion,
  Saliency,
  Uncertainty
} from '../../src/contract'
import { createCore, forkChild, silentLogger } from '../../src/core/create-core'
import { built, root } from '../support/built'
import { runNeogate } from '../support/run-neogate'
import { temporaryFolder } from '../support/temporary-folder'

const EVERYTHING = { filter: { text: '', facets: {} } }

/** Explanations of a film of a real project by the shipped model, as the terminal and a screen ask for them. */
describe('explanations', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let core: Awaited<ReturnType<typeof createCore>>
  let client: Awaited<ReturnType<typeof connect>>
  let film: { filmId: string; modelId: null }
  let path: string
  const at = (...names: string[]) => join(folder.path, ...names)
  const neogate = (...args: string[]) => runNeogate(args, at('user'))
  async function explained<Answer>(...args: string[]): Promise<Answer> {
    const { code, stdout, stderr } = await neogate('explain', ...args, '--json')
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('Research use only. Not for diagnosis.')
    return JSON.parse(stdout) as Answer
  }
  async function connect() {
    const { createRouterClient } = await import('@orpc/server')
    return createRouterClient(core.router, { context: {} })
  }

  beforeAll(async () => {
    folder = await temporaryFolder('explain')
    for (const args of [
      ['demo', 'make', at('study'), '--infants', '42', '--seed', '5'],
      ['new', at('project')],
      ['import', at('project'), at('study'), '--table', at('study', 'labels.csv')],
      ['predict', at('project')]
    ]) {
      const { code, stderr } = await neogate(...args)
      expect([0, 3], stderr).toContain(code)
    }
    core = await createCore({
      host: 'cli',
      shell: 'terminal',
      spawnChild: forkChild(built('main/worker.cjs')),
      resourcesFolder: join(root, 'resources'),
      screensFolder: null,
      userFolder: at('user'),
      logger: silentLogger
    })
    client = await connect()
    await client.project.open({ folder: at('project') })
    const { rows } = await client.films.query({ query: EVERYTHING, offset: 0, limit: 100 })
    const row = rows.find(({ gaDays, bwGrams, missing }) => gaDays !== null && bwGrams !== null && !missing)!
    film = { filmId: row.id, modelId: null }
    path = row.path
    await client.project.close()
  }, 240_000)
  afterAll(async () => {
    await core.close()
    await folder.remove()
  })

  it('explain the gate: what channels add makes up the logit', async () => {
    const reports: GateReport[] = []
    for (const wanted of ['TTN', 'RDS']) {
      reports.push(await explained('gate', at('project'), film.filmId, '--class', wanted))
    }
    await client.project.open({ folder: at('project') })
    const prediction = await client.predictions.get({ ...film, context: null })
    expect(reports[0]!.logit).toBeCloseTo(prediction.logits[5]!, 4)
    expect(reports[1]!.logit).toBeCloseTo(prediction.logits[4]!, 4)
    for (const { diagnosis, ...report } of reports) {
      expect(report.values).toHaveLength(report.channels)
      expect(report.peers.infants).toBeGreaterThan(0)
      // The mean over the places of the activation map is what the channels add.
      const maps = await client.explain.maps({ ...film, diagnosis })
      const mean = (values: readonly number[]) =>
        values.reduce((sum, value) => sum + value, 0) / values.length
      expect(mean(maps.own)).toBeCloseTo(report.contribution, 3)
      expect(mean(maps.own) - mean(maps.mean!)).toBeCloseTo(report.effect, 3)
      const drawn = await client.predictions.activationMap({ ...film, diagnosis, gated: true })
      drawn.values.forEach((value, cell) => expect(maps.own[cell]).toBeCloseTo(value, 3))
      const open = await client.predictions.activationMap({ ...film, diagnosis, gated: false })
      open.values.forEach((value, cell) => expect(maps.open![cell]).toBeCloseTo(value, 3))
    }
    const [first] = reports[0]!.amplified
    const { maps } = await client.explain.channelMaps({ ...film, channels: [first!.channel] })
    expect(Math.min(...maps[0]!.values)).toBeGreaterThanOrEqual(0)
    await expect(client.explain.channelMaps({ ...film, channels: [99_999] })).rejects.toMatchObject({
      code: 'INVALID_INPUT'
    })
    await client.project.close()
  })

  it('explain GA and BW: the surface is what the whole network says there', async () => {
    const surface = await explained<ContextSurface>('surface', at('project'), path)
    const [column, row] = [40, 20]
    const [gaDays, bwGrams] = [surface.gaAxis[column]!, surface.bwAxis[row]!]
    const days = `${Math.floor(gaDays / 7)}w${gaDays % 7}d`
    const whole = await neogate(
      ...['predict', join(at('study'), path), '--model', join(root, 'resources', 'demo-model'), '--json'],
      ...['--ga', days, '--bw', String(bwGrams), '--provider', 'cpu']
    )
    const [{ prediction }] = JSON.parse(whole.stdout) as [{ prediction: { probabilities: number[] } }]
    prediction.probabilities.forEach((p, k) =>
      expect(surface.probabilities[k]![row * surface.gaAxis.length + column]).toBeCloseTo(p, 4)
    )
    for (const flip of [surface.flips.any, surface.flips.gaDays, surface.flips.bwGrams]) {
      if (flip) expect(flip.predicted).not.toBe(surface.predicted)
    }
    if (surface.flips.plausible) {
      expect(Math.abs(surface.flips.plausible.zScore!)).toBeLessThan(surface.limits.warn)
      expect(surface.flips.plausible.distance).toBeGreaterThanOrEqual(surface.flips.any!.distance)
    }
  })

  it('find the nearest films, in both spaces, and again without gathering', async () => {
    for (const by of ['gated', 'pooled']) {
      const answer = await explained<NearestFilms>(
        ...['nearest', at('project'), film.filmId, '--by', by, '--count', '5']
      )
      if (answer.state !== 'found') throw new Error(answer.state)
      expect(answer.by).toBe(by)
      expect(answer.neighbours).toHaveLength(5)
      const distances = answer.neighbours.map(({ distance }) => distance)
      expect(distances).toEqual([...distances].sort((a, b) => a - b))
      expect(answer.neighbours.map(neighbour => neighbour.film.id)).not.toContain(film.filmId)
    }
  })

  it('say how sure: not before an ensemble is fitted, then with sets that hold what is most probable', async () => {
    const refused = await neogate('explain', 'uncertainty', at('project'), film.filmId)
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/No ensemble/) })
    const answer = await explained<Uncertainty>(
      ...['uncertainty', at('project'), film.filmId, '--fit', '--members', '3']
    )
    expect(answer.members).toHaveLength(3)
    expect(answer.mean.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5)
    expect(answer.mutualInformation).toBeGreaterThanOrEqual(0)
    expect(answer.ensemble).toMatchObject({ members: 3, split: null, stale: false })
    const eighty = answer.sets.find(({ coverage }) => coverage === 0.8)!
    expect(eighty.classes).not.toBeNull()
    // A dozen infants calibrate it: that is too few to state 95 %.
    expect(answer.sets.find(({ coverage }) => coverage === 0.95)!.classes).toBeNull()
  })

  it('hold the activation map against gradient and occlusion', async () => {
    const { gradient, occlusion } = await explained<{ gradient: Saliency; occlusion: Occlusion }>(
      ...['saliency', at('project'), film.filmId, '--class', 'RDS']
    )
    expect(gradient.gradient).toHaveLength(gradient.rows * gradient.columns)
    expect(Math.min(...gradient.gradient)).toBeGreaterThanOrEqual(0)
    expect(Math.abs(gradient.correlation!)).toBeLessThanOrEqual(1)
    expect(occlusion.done).toBe(occlusion.rows)
    expect(Math.abs(occlusion.correlation!)).toBeLessThanOrEqual(1)
  })

  it('refuse what is not there', async () => {
    await client.project.open({ folder: at('project') })
    await expect(client.explain.describe({ ...film, filmId: 'a'.repeat(26) })).rejects.toMatchObject({
      code: 'NOT_FOUND'
    })
    await client.project.close()
    expect((await neogate('explain', 'gate', at('project'), 'no-such-film.dcm')).code).toBe(2)
  })
})
