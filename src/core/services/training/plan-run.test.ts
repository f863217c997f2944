import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { trainingOptions, type TrainingOptions } from '../../../contract'
import { temporaryFolder } from '../../../../test/support/temporary-folder'
import { DIAGNOSES, type Diagnosis } from '../../domain'
import { contentId, silentLogger, systemClock } from '../../foundation'
import { readModelFolder } from '../../model-registry'
import type { CoreContext } from '../core-context'
import { openProjectSession, type OpenSession } from '../project-session'
import { planRun } from './plan-run'

const RESOURCES = fileURLToPath(new URL('../../../../resources', import.meta.url))

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let session: OpenSession
let core: CoreContext

beforeEach(async () => {
  folder = await temporaryFolder('plan')
  session = await openProjectSession({
    folder: join(folder.path, 'project'),
    target: { mode: 'create', name: 'Test' },
    clock: systemClock,
    logger: silentLogger
  })
  core = {
    resourcesFolder: RESOURCES,
    clock: systemClock,
    project: () => session,
    inference: { open: readModelFolder }
  } as unknown as CoreContext
})
afterEach(async () => {
  await session.close()
  await folder.remove()
})

/** One infant with one film for each label given. */
async function infants(
  labels: readonly Diagnosis[],
  context: { ga_days?: number | null } = {}
): Promise<void> {
  const db = session.database.kysely
  const already = (await session.studies.counts()).films
  for (const [i, label] of labels.entries()) {
    const key = `${already + i}`
    const patient_id = contentId('patient', key)
    const at = systemClock.timestamp()
    await db.insertInto('patient').values({ id: patient_id, site: 'A', patient_key: key }).execute()
    await db
      .insertInto('film')
      .values({
        ...{
          id: contentId('film', key),
          patient_id,
          patient_key: key,
          site: 'A',
          root: '/films',
          path: `${key}.dcm`
        },
        ...{ fingerprint: key, byte_size: 1, modified_at: at, header_json: '{}', added_at: at },
        ...{ film_number: 1, film_count: 1, context_state: 'plausible', ga_days: 230, bw_grams: 2000, label },
        ...context
      })
      .execute()
  }
}

const makeSplit = () =>
  session.splits.make({ name: null, proportions: null, seed: 1, extend: null, reader: 'Kim' })

async function plan(changes: Partial<TrainingOptions> = {}) {
  const options = trainingOptions.parse({ method: 'ccgn-small', scope: 'all', preset: 'paper', ...changes })
  return (await planRun(core, options)).plan
}

const codes = ({ problems }: Awaited<ReturnType<typeof plan>>, severity: 'refuse' | 'warn') =>
  problems.filter(problem => problem.severity === severity).map(({ code }) => code)

const MANY = Array.from({ length: 60 }, (_, i) => DIAGNOSES[i % 6]!)

describe('plan of a training run', () => {
  it('is the paper’s unless told otherwise', async () => {
    await infants(MANY)
    await makeSplit()
    const made = await plan({ hyperparameters: { epochs: 3, clipNorm: 2 } })
    expect(made.hyperparameters).toMatchObject({
      learningRate: 1e-4,
      weightDecay: 1e-5,
      filmsPerStep: 32,
      optimizer: 'adam',
      batchNorm: 'batch',
      epochs: 3,
      clipNorm: 2
    })
    expect(codes(made, 'refuse')).toEqual([])
    expect(made.films.train + made.films.validation).toBeLessThan(60)
    expect(made.stepsPerEpoch).toBe(Math.ceil(made.films.train / 32))
  })

  it('refuses without a split, and with a single film to learn from or to validate by', async () => {
    await infants(['RDS', 'TTN', 'BPD'])
    expect(codes(await plan(), 'refuse')).toEqual(['no-split'])
    await makeSplit()
    const { films, problems } = await plan()
    const refused = problems.filter(({ severity }) => severity === 'refuse').map(({ code }) => code)
    const expected = [
      ...(films.train < 2 ? ['too-few-training-films'] : []),
      ...(films.validation < 2 ? ['too-few-validation-films'] : [])
    ]
    expect(expected).not.toEqual([])
    expect(refused).toEqual(expected)
  })

  it('warns of a class without films and of missing GA', async () => {
    await infants(MANY.filter(label => label !== 'TTN'))
    await infants(['RDS', 'RDS', 'RDS', 'RDS', 'RDS', 'RDS', 'RDS', 'RDS'], { ga_days: null })
    await makeSplit()
    const made = await plan()
    expect(codes(made, 'refuse')).toEqual([])
    expect(made.problems).toContainEqual(
      expect.objectContaining({ code: 'class-without-training-films', diagnosis: 'TTN', severity: 'warn' })
    )
    expect(codes(made, 'warn')).toContain('context-missing')
  })

  it('trains head and last stage only from a version of the same method and size', async () => {
    await infants(MANY)
    await makeSplit()
    const parentId = (await readModelFolder(join(RESOURCES, 'demo-model'))).id
    expect(codes(await plan({ scope: 'head' }), 'refuse')).toEqual(['scope-impossible'])
    expect(codes(await plan({ scope: 'head', parentId, method: 'ccgn' }), 'refuse')).toEqual([
      'method-differs'
    ])
    expect(codes(await plan({ scope: 'last-stage', parentId, size: 96 }), 'refuse')).toEqual(['size-differs'])
    const made = await plan({ scope: 'head', parentId, preset: 'incremental' })
    expect(codes(made, 'refuse')).toEqual([])
    expect(made.hyperparameters.batchNorm).toBe('frozen')
    await expect(plan({ parentId: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('takes what was labelled since the parent, and four old films for each', async () => {
    await infants(MANY)
    const { split } = await makeSplit()
    const { train } = await session.splits.trainingFilms(split.id)
    const parentId = (await readModelFolder(join(RESOURCES, 'demo-model'))).id
    const onNew = { scope: 'head', data: 'new-labels', parentId, preset: 'incremental' } as const
    expect(codes(await plan(onNew), 'refuse')).toContain('no-new-labels')

    const value = { diagnosis: 'TTN', certainty: 'sure', comment: '' } as const
    for (const filmId of train.slice(0, 3)) {
      await session.labels.setLabel({ filmId, value, revision: 0, reader: 'Kim' })
    }
    const made = await plan(onNew)
    expect(codes(made, 'refuse')).toEqual([])
    expect(made.newFilmIds.sort()).toEqual(train.slice(0, 3).sort())
    expect(made.films).toMatchObject({ newLabels: 3, rehearsal: 12, train: 15 })
    expect((await plan({ ...onNew, rehearsal: 5 })).films).toMatchObject({
      newLabels: 3,
      rehearsal: 5,
      train: 8
    })
  })
})
