import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { strings } from '../support/strings'
import { checkScreen } from './check-screen'
import { shells } from './shells'
import { openWard, WARD_MS, type Ward } from './ward'

const STEP_MS = 60_000
/** Films without a prediction get one first, since the head is trained on what it leaves behind. */
const FEATURES_MS = 240_000
/** Of a tenth of a second each: this run does not end before it is cancelled. */
const ENDLESS = 10_000
const EPOCHS = 20
const ENDLESS_NAME = 'Last stage on drawn films'
const NAME = 'Head on drawn films'
const en = strings('en')

describe.each(shells)('training in %s', (name, start) => {
  let ward: Ward
  let page: Page

  beforeAll(async () => {
    ward = await openWard(start, { infants: 30 })
    page = ward.shell.page
  }, WARD_MS)
  afterAll(() => ward?.close())

  const button = (key: string) => page.getByRole('button', { name: en(key), exact: true })
  const field = (key: string) =>
    page.getByRole('textbox', { name: en(`training.hyperparameter.${key}.name`), exact: true })
  const epochs = () => page.getByRole('region', { name: en('training.epochs.title') })
  const log = () => page.getByRole('region', { name: en('training.log.title') })
  const state = (key: string) =>
    page
      .getByRole('main')
      .getByRole('status')
      .getByText(en(`training.state.${key}`), { exact: true })
  const check = (picture: string) => checkScreen(page, name, picture, ward.folder)

  /** Epochs done, by the newest line of the table. */
  async function epochsDone(): Promise<number> {
    const cells = await epochs().getByRole('rowheader').first().innerText()
    return Number(/\d+/.exec(cells)?.[0])
  }

  it('composes a run: no split is refused, one is made, the plan follows every choice', async () => {
    await page
      .getByRole('navigation', { name: en('nav.label') })
      .getByRole('link', { name: new RegExp(`^${en('nav.training')}`) })
      .click()
    await page.getByText(en('training.problem.no-split.title'), { exact: true }).waitFor()
    expect(await button('training.plan.start').isDisabled()).toBe(true)
    await button('training.data.makeSplit').click()
    await page
      .getByText(en('training.problem.no-split.title'), { exact: true })
      .waitFor({ state: 'detached' })

    await page.getByLabel(en('training.begin.version'), { exact: true }).check()
    await page.getByLabel(en('training.scope.last-stage'), { exact: true }).check()
    const plan = page.getByRole('region', { name: en('training.plan.title') })
    await expect.poll(() => plan.getByRole('row').last().innerText(), { timeout: STEP_MS }).toMatch(/\d\d/)
    expect(await plan.getByRole('row').count()).toBe(8)

    await page.getByText(en('training.preset.fold')).click()
    await field('learningRate').fill('fast')
    await page.getByText(en('training.preset.invalid')).waitFor()
    expect(await button('training.plan.start').isDisabled()).toBe(true)
    await page.getByRole('button', { name: /^Reset Learning rate to / }).click()
    await field('epochs').fill(String(ENDLESS))
    await field('patience').fill('')
    await page.getByLabel(en('training.more.name'), { exact: true }).fill(ENDLESS_NAME)
    await expect.poll(() => button('training.plan.start').isEnabled(), { timeout: STEP_MS }).toBe(true)
    await check('training-plan')
  })

  it(
    'trains, and a reload on the way loses nothing',
    async () => {
      await button('training.plan.start').click()
      await page.getByRole('heading', { name: ENDLESS_NAME }).waitFor()
      await epochs().getByRole('row').nth(5).waitFor({ timeout: FEATURES_MS })
      const before = await epochsDone()
      await page.reload()
      await page.getByRole('heading', { name: ENDLESS_NAME }).waitFor()
      await epochs().getByRole('row').nth(5).waitFor()
      expect(await epochsDone()).toBeGreaterThanOrEqual(before)
      expect(await log().innerText()).not.toContain('goes on')
    },
    FEATURES_MS + 2 * STEP_MS
  )

  it('pauses, goes on from where it was, and is cancelled', async () => {
    await button('training.run.pause').click()
    await state('paused').waitFor()
    const paused = await epochsDone()
    await button('action.resume').click()
    await log()
      .getByText(/goes on from step/)
      .waitFor()
    await expect.poll(epochsDone, { timeout: STEP_MS }).toBeGreaterThan(paused + 2)
    await check('training')
    await button('action.cancel').click()
    await state('cancelled').waitFor()
    await page.getByText(en('training.run.stopped.cancelled')).waitFor()
  })

  it('makes a version that Models shows beside its parent', async () => {
    await page.getByRole('link', { name: en('training.newRun') }).click()
    await page.getByLabel(en('training.begin.version'), { exact: true }).check()
    await page.getByLabel(en('training.scope.head'), { exact: true }).check()
    await page.getByText(en('training.preset.fold')).click()
    await field('epochs').fill(String(EPOCHS))
    await field('patience').fill('')
    await page.getByLabel(en('training.more.name'), { exact: true }).fill(NAME)
    await expect.poll(() => button('training.plan.start').isEnabled(), { timeout: STEP_MS }).toBe(true)
    await button('training.plan.start').click()
    await page.getByText(en('training.run.made').replace('{name}', NAME)).waitFor()
    expect(await epochsDone()).toBe(EPOCHS)
    expect(await epochs().getByText(en('training.epochs.best'), { exact: true }).count()).toBeLessThanOrEqual(
      1
    )
    await button('training.run.toModels').click()
    await page.getByRole('heading', { name: en('models.title'), level: 1 }).waitFor()
    expect(await page.getByRole('radio', { name: NAME }).isChecked()).toBe(true)
    await page.getByRole('heading', { name: NAME }).waitFor()
  })

  it('says why a run failed, and keeps it in the list', async () => {
    await page.goBack()
    await page.getByRole('link', { name: en('training.newRun') }).click()
    await page.getByLabel(en('training.begin.version'), { exact: true }).check()
    await page.getByText(en('training.preset.fold')).click()
    await field('learningRate').fill('10')
    await field('clipNorm').fill('')
    await field('patience').fill('')
    await expect.poll(() => button('training.plan.start').isEnabled(), { timeout: STEP_MS }).toBe(true)
    await button('training.plan.start').click()
    await page.getByText(en('training.run.stopped.failed')).waitFor({ timeout: 2 * STEP_MS })
    await page.getByText(en('errors.reasons.diverged.remedy')).waitFor()
    expect(await button('action.resume').isVisible()).toBe(true)
    const runs = page.getByRole('navigation', { name: en('training.runs.title') }).getByRole('listitem')
    expect(await runs.first().innerText()).toContain(en('training.state.failed'))
    expect(await runs.nth(1).innerText()).toContain(NAME)
    await check('training-failed')
  })

  it('has thrown nothing and broken no rule of its content security policy', () => {
    expect(ward.shell.problems).toEqual([])
  })
})
