import { cp, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder'
import { openProjectDatabase } from '../database'
import {
  checkWeights,
  copyModelFolder,
  createModelList,
  modelHash,
  parseModelCard,
  readModelFolder,
  removeUnfinishedModels,
  writeModelById,
  writeModelFolder,
  type ModelCard
} from '.'
import { trainedCard, trainingRecord } from '../../../test/support/trained-card'

const SHIPPED = fileURLToPath(new URL('../../../resources/demo-model', import.meta.url))

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => (folder = await temporaryFolder('models')))
afterEach(() => folder.remove())

/** A copy of the shipped model whose card is changed. */
async function changedCard(change: (card: Record<string, unknown>) => void): Promise<string> {
  const copy = join(folder.path, 'copy')
  await cp(SHIPPED, copy, { recursive: true })
  const card = JSON.parse(await readFile(join(copy, 'model.json'), 'utf8')) as Record<string, unknown>
  change(card)
  await writeFile(join(copy, 'model.json'), JSON.stringify(card))
  return copy
}

describe('model folder', () => {
  it('reads the shipped model, which says how it was trained', async () => {
    const model = await readModelFolder(SHIPPED)
    expect(model.card).toMatchObject({ method: 'ccgn-small', trained: true, size: 160 })
    expect(model.card.training).toMatchObject({ scope: 'all', parent: null })
    expect(model.card.training!.metrics.validation!.macroAuroc).toBeGreaterThan(0.7)
    await checkWeights(model)
  })

  it.each([
    [
      'classes',
      (card: Record<string, unknown>) =>
        (card.classes = ['TTN', 'ALS', 'Atelectasis', 'Normal', 'RDS', 'BPD'])
    ],
    ['notice', (card: Record<string, unknown>) => (card.notice = 'For diagnosis')],
    ['size', (card: Record<string, unknown>) => (card.size = 0)],
    [
      'context.gaSdDays',
      (card: Record<string, unknown>) => ((card.context as { gaSdDays: number }).gaSdDays = 0)
    ]
  ])('refuses a card by its field: %s', async (field, change) => {
    await expect(readModelFolder(await changedCard(change))).rejects.toMatchObject({
      code: 'MODEL_REFUSED',
      detail: { field, file: expect.stringContaining('model.json') as string }
    })
  })

  it('refuses weights cut short, and weights changed in place', async () => {
    const copy = await changedCard(() => {})
    const weights = join(copy, 'weights.safetensors')
    const bytes = await readFile(weights)
    bytes[bytes.length - 1]! ^= 1
    await writeFile(weights, bytes)
    await expect(checkWeights(await readModelFolder(copy))).rejects.toMatchObject({
      detail: { reason: 'changed' }
    })
    await truncate(weights, 1000)
    await expect(readModelFolder(copy)).rejects.toMatchObject({
      detail: { reason: 'changed', file: weights }
    })
  })

  it('has a hash that follows what it answers, not what it is called', async () => {
    const { card, hash } = await readModelFolder(SHIPPED)
    expect(modelHash({ ...card, name: 'Other', createdAt: '2030-01-01T00:00:00.000Z' })).toBe(hash)
    const changes: Partial<ModelCard>[] = [
      { size: 192 },
      { method: 'ccgn' },
      { context: { ...card.context, gaMeanDays: 240 } },
      { weights: { ...card.weights, sha256: '0'.repeat(64) } }
    ]
    for (const change of changes) expect(modelHash({ ...card, ...change })).not.toBe(hash)
  })

  it('never overwrites, and leaves nothing behind when writing fails', async () => {
    const { card } = await readModelFolder(SHIPPED)
    const occupied = await changedCard(() => {})
    await expect(writeModelFolder(occupied, card, async () => {})).rejects.toMatchObject({ code: 'CONFLICT' })
    const failing = async () => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
    }
    await expect(writeModelFolder(join(folder.path, 'new'), card, failing)).rejects.toMatchObject({
      code: 'DISK_FULL'
    })
    expect(await readdir(folder.path)).toEqual(['copy'])
  })
})

describe('card of a trained model', () => {
  it('is read in both versions, and told of only in the second', async () => {
    const { card } = await readModelFolder(SHIPPED)
    const parse = (value: ModelCard) => parseModelCard(JSON.stringify(value), 'model.json')
    const trained = trainedCard(card, trainingRecord())
    expect(parse(trained)).toEqual(trained)
    const first = { ...card, version: 1 as const, training: undefined }
    expect(parse(first).version).toBe(1)
    expect(() => parse({ ...trained, version: 1 })).toThrow('training')
    expect(() => parse({ ...trained, trained: false })).toThrow('trained')
    expect(() => parse({ ...trained, method: 'ccgn' })).toThrow('training.method')
    expect(() => parse({ ...trained, version: 3 as 2 })).toThrow('version')
  })

  it('refuses a training block that leaves out a class, or has a share above 1', async () => {
    const { card } = await readModelFolder(SHIPPED)
    const parse = (change: (perClass: Record<string, unknown>) => void) => {
      const copy = structuredClone(trainedCard(card, trainingRecord()))
      change(copy.training!.metrics.validation!.perClass)
      return () => parseModelCard(JSON.stringify(copy), 'model.json')
    }
    expect(parse(() => {})).not.toThrow()
    expect(parse(perClass => delete perClass.TTN)).toThrow('training.metrics.validation.perClass')
    expect(parse(perClass => ((perClass.TTN as { f1: number }).f1 = 1.5))).toThrow('perClass.TTN.f1')
  })

  it('goes to a folder named by its id, once, and is not changed by a second writing', async () => {
    const { card, weightsFile } = await readModelFolder(SHIPPED)
    const models = join(folder.path, 'models')
    const write = (seed: number) => {
      const { weights: _, ...rest } = trainedCard(card, trainingRecord({ seed }))
      return writeModelById(models, rest, file => cp(weightsFile, file))
    }
    const first = await write(1)
    expect(first.folder).toBe(join(models, first.id))
    expect((await write(2)).card.training?.seed).toBe(1)
    expect(await readdir(models)).toEqual([first.id])
  })

  it('leaves nothing behind where the weights could not be written', async () => {
    const { weights: _, ...card } = (await readModelFolder(SHIPPED)).card
    const models = join(folder.path, 'models')
    const failing = () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }))
    await expect(writeModelById(models, card, failing)).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(await readdir(models)).toEqual([])
  })

  it('is rid of what a killed program left half written, and of nothing else', async () => {
    for (const name of ['.new-abc', 'm1.partial-abc', 'm1', '.other']) await mkdir(join(folder.path, name))
    await removeUnfinishedModels(folder.path)
    expect((await readdir(folder.path)).sort()).toEqual(['.other', 'm1'])
  })
})

describe('model list', () => {
  it('keeps what it was told, once, with the folder told last', async () => {
    const database = await openProjectDatabase({
      folder: join(folder.path, 'project'),
      mode: 'create',
      name: 'Test'
    })
    const list = createModelList(database.kysely)
    const model = await copyModelFolder(await readModelFolder(SHIPPED), join(folder.path, 'models', 'one'))
    await list.add(model, 'one')
    await list.add(model, 'two')
    expect(await list.all()).toEqual([
      { id: model.id, hash: model.hash, card: model.card, folder: 'two', active: false }
    ])
    await list.remove(model.id)
    expect(await list.all()).toEqual([])
    await database.close()
  })
})
