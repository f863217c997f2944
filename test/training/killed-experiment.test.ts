import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DIAGNOSES, type Experiment, type ExperimentOptions } from '../../src/contract'
import { createRandom } from '../../src/core/foundation'
import { temporaryFolder } from '../support/temporary-folder'
import { openTestCore } from '../support/test-core'

const FILMS = 90
const fixture = fileURLToPath(new URL('./killed-experiment.fixture.ts', import.meta.url))
const OPTIONS: ExperimentOptions = {
  name: 'Two methods',
  methods: ['resnet50-small', 'ccgn-small', 'context-mlp'],
  seeds: 1,
  size: 32,
  side: 'test',
  reason: 'to hold methods against each other',
  resamples: 100,
  provider: 'cpu',
  hyperparameters: {
    epochs: 8,
    filmsPerStep: 8,
    batch: 8,
    learningRate: 1e-3,
    patience: null,
    checkpointSteps: 1
  }
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => void (folder = await temporaryFolder('killed-experiment')))
afterEach(() => folder.remove())

/** Infants with one film each, whose brightness and GA tell the class. */
async function fillProject(): Promise<void> {
  const films = join(folder.path, 'films')
  await mkdir(films)
  const rows: string[] = []
  for (let i = 0; i < FILMS; i++) {
    const random = createRandom(i)
    const k = i % DIAGNOSES.length
    const pixels = Uint8Array.from({ length: 4096 }, () => random.integer(0, 100) + 20 * k)
    await sharp(pixels, { raw: { width: 64, height: 64, channels: 1 } })
      .png()
      .toFile(join(films, `${i}.png`))
    rows.push(`${i}.png,P${i},${26 + 2 * k}+${i % 7},${900 + 400 * k},${DIAGNOSES[k]}`)
  }
  const table = join(folder.path, 'table.csv')
  await writeFile(table, `file,infant,ga,bw,dx\n${rows.join('\n')}`)
  const { core, client, done } = await openTestCore(folder.path)
  const mapping = {
    columns: { imageKey: 'file', patientKey: 'infant', ga: 'ga', bw: 'bw', label: 'dx' },
    imageKeyKind: 'name' as const,
    gaUnit: 'weeks+days' as const,
    bwUnit: 'g' as const,
    labels: Object.fromEntries(DIAGNOSES.map(name => [name.toLowerCase(), name])),
    sexes: {},
    defaultSite: 'H'
  }
  const { jobId } = await client.intake.start({ source: { folder: films, table, mapping }, dryRun: false })
  await done(jobId)
  await client.splits.make({ name: 'main', proportions: [50, 25, 25], seed: 1, extend: null })
  await core.close()
}

/** Heads alone, from the versions that whole networks were trained to. */
async function headsOf(
  client: Awaited<ReturnType<typeof openTestCore>>['client'],
  done: (id: string) => Promise<void>,
  parts: Experiment['parts']
): Promise<void> {
  const [resnet50, ccgn, control] = parts.map(({ modelId }) => modelId!)
  const heads: ExperimentOptions = {
    methods: ['resnet50-small', 'ccgn-small'],
    scope: 'head',
    parents: [resnet50!, ccgn!],
    preset: 'incremental',
    resamples: 100,
    provider: 'cpu',
    hyperparameters: { epochs: 2, filmsPerStep: 8 }
  }
  const refused = await client.experiments.plan({ ...heads, parents: [resnet50!] })
  expect(refused.problems).toContainEqual(
    expect.objectContaining({ severity: 'refuse', code: 'scope-impossible', method: 'ccgn-small' })
  )
  const twice = client.experiments.plan({ ...heads, parents: [ccgn!, await copyOf(client, done, ccgn!)] })
  await expect(twice).rejects.toMatchObject({ code: 'INVALID_INPUT', data: { field: 'parents' } })
  expect(
    (await client.experiments.plan({ ...heads, parents: [control!, resnet50!, ccgn!] })).parts
  ).toHaveLength(2)

  const { id } = await client.experiments.start(heads)
  await done(id)
  const made = await client.experiments.get({ id })
  expect(made.summary.name).toMatch(/^Heads \(validation\)/)
  expect(made.plan.parts.map(({ parentId }) => parentId)).toEqual(heads.parents)
  const models = await client.models.list()
  const hashOf = (modelId: string) => models.find(model => model.id === modelId)!.hash
  made.parts.forEach(({ modelId }, i) =>
    expect(models.find(model => model.id === modelId)!.training).toMatchObject({
      scope: 'head',
      parent: hashOf(heads.parents![i]!)
    })
  )
  const again = await client.experiments.plan(heads)
  expect(again.parts.map(({ modelId }) => modelId)).toEqual(made.parts.map(({ modelId }) => modelId))
  // Whole networks of the same methods are others.
  const whole = await client.experiments.plan({ ...heads, scope: 'all', parents: [] })
  expect(whole.parts.every(({ modelId }) => modelId === null)).toBe(true)
}

/** Another version of the same method. */
async function copyOf(
  client: Awaited<ReturnType<typeof openTestCore>>['client'],
  done: (id: string) => Promise<void>,
  parentId: string
): Promise<string> {
  const before = new Set((await client.models.list()).map(({ id }) => id))
  const { jobId } = await client.training.start({
    method: 'ccgn-small',
    scope: 'head',
    preset: 'incremental',
    parentId,
    provider: 'cpu',
    seed: 9,
    hyperparameters: { epochs: 1, filmsPerStep: 8 }
  })
  await done(jobId)
  return (await client.models.list()).find(({ id }) => !before.has(id))!.id
}

it('an experiment that kill -9 ends goes on with the run it was at, and what was finished is kept', async () => {
  await fillProject()
  const child = spawn(process.execPath, ['--import', 'tsx', fixture, folder.path, JSON.stringify(OPTIONS)], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let before!: { id: string; parts: Experiment['parts'] }
  let steps = 0
  for await (const line of createInterface({ input: child.stdout })) {
    before = JSON.parse(line) as typeof before
    const [first, second] = before.parts
    // The second run has been seen at work a few times: it has written checkpoints.
    if (first!.state === 'done' && second!.state === 'training' && ++steps === 4) child.kill('SIGKILL')
  }
  if (child.signalCode === null && child.exitCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  expect(before.parts.map(({ state }) => state)).toEqual(['done', 'training', 'waiting'])

  const { core, client, done } = await openTestCore(folder.path)
  try {
    const { id } = before
    expect((await client.experiments.get({ id })).summary.job.state).toBe('paused')
    await client.jobs.resume({ id })
    await done(id)
    const { parts, result, summary } = await client.experiments.get({ id })
    expect(parts[0]).toEqual(before.parts[0])
    expect(parts[1]!.trainJobId).toBe(before.parts[1]!.trainJobId)
    expect(summary.parts).toEqual({ done: 3, failed: 0, total: 3 })
    const resumed: number[] = []
    for await (const { event } of await client.training.events({ jobId: parts[1]!.trainJobId! })) {
      if (event.type === 'started' && event.resumed) resumed.push(event.step)
    }
    expect(resumed).toHaveLength(1)
    expect(resumed[0]).toBeGreaterThan(0)

    expect(result).toMatchObject({ reference: 'ccgn-small', sameSet: true, resamples: 100 })
    expect(result!.methods.map(({ method }) => method)).toEqual(OPTIONS.methods)
    const [, ccgn] = result!.methods
    expect(ccgn!.difference.overall.macroF1).toEqual({ estimate: 0, low: 0, high: 0 })
    // One seed: the mean is that of its evaluation.
    expect(ccgn!.overall.macroF1!.estimate).toBeCloseTo(parts[1]!.macroF1!.estimate, 12)
    expect(ccgn!.spread.macroF1).toBeNull()
    // Every opening of the locked test side is on record.
    expect((await client.splits.get({ split: 'main' })).testAccesses).toHaveLength(3)

    const again = await client.experiments.plan(OPTIONS)
    expect(again.parts.map(({ modelId }) => modelId)).toEqual(parts.map(({ modelId }) => modelId))
    const more = await client.experiments.plan({ ...OPTIONS, seeds: 2 })
    expect(more.parts.filter(({ modelId }) => modelId === null)).toHaveLength(3)
    const table2 = await client.experiments.classDifferences({ id, a: 'resnet50-small', b: 'ccgn-small' })
    expect(table2.classes).toHaveLength(6)
    for (const { a, b, difference } of table2.classes) {
      if (a && b) expect(difference!.estimate).toBeCloseTo(b.estimate - a.estimate, 12)
    }
    await headsOf(client, done, parts)
  } finally {
    await core.close()
  }
}, 300_000)
