import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeViolations } from '../support/axe'
import { runNeogate } from '../support/run-neogate'
import { strings } from '../support/strings'
import { temporaryFolder } from '../support/temporary-folder'
import { checkScreen } from './check-screen'
import { shells, type Shell } from './shells'

/** Drawing the demo of a first start takes seconds, but not on a machine that does other things as well. */
const FIRST_START_MS = 300_000
const STEP_MS = 60_000
const READER = 'Dr. Kim'
const PROFILE = 'Ward table'
const en = strings('en')
const ko = strings('ko')

let study: Awaited<ReturnType<typeof temporaryFolder>>
let studyFolder: string
beforeAll(async () => {
  study = await temporaryFolder('e2e-study')
  studyFolder = join(study.path, 'study')
  const { code, stderr } = await runNeogate(['demo', 'make', studyFolder, '--infants', '6'], study.path)
  expect(code, stderr).toBe(0)
  await addCutOffFilm(studyFolder)
})
afterAll(() => study.remove())

/** A copy that broke off: something for the list of refusals. */
async function addCutOffFilm(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true })
  const film = await readFile(
    join(
      folder,
      names.find(name => name.endsWith('.dcm'))!
    )
  )
  await writeFile(join(folder, 'cut-off.dcm'), film.subarray(0, film.length / 2))
}

describe.each(shells)('the main job in %s', (name, start) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let shell: Shell
  let page: Page

  beforeAll(async () => {
    folder = await temporaryFolder('e2e')
    shell = await start(join(folder.path, 'user'))
    page = shell.page
  })
  afterAll(async () => {
    await shell.close()
    await folder.remove()
  })

  const screen = (key: string) =>
    page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${key}`) })
  const button = (key: string, within: Page | Locator = page) =>
    within.getByRole('button', { name: en(key), exact: true })
  const panel = (key: string) => page.getByRole('region', { name: en(key) })

  const check = (picture: string) => checkScreen(page, name, picture, study.path)

  it(
    'shows a fresh machine the demo project, with films, labels and predictions',
    async () => {
      await page.getByRole('grid').getByRole('row').nth(5).waitFor({ timeout: FIRST_START_MS })
      const grid = page.getByRole('grid')
      expect(Number(await grid.getAttribute('aria-rowcount'))).toBeGreaterThan(60)
      await page
        .getByRole('checkbox', { name: /^TTN \d+/ })
        .first()
        .waitFor()
      // Predictions arrive in the background.
      await page
        .getByRole('group', { name: en('field.predicted'), exact: true })
        .getByRole('checkbox')
        .first()
        .waitFor({ timeout: FIRST_START_MS })
    },
    2 * FIRST_START_MS
  )

  it('is told who reads', { timeout: 2 * FIRST_START_MS }, async () => {
    await screen(en('nav.settings')).click()
    const reader = page.getByLabel(en('settings.reader'))
    await reader.fill(READER)
    await reader.press('Enter')
    await page.getByText(`${en('field.reader')}: ${READER}`).waitFor()
    await screen(en('nav.studies')).click()
    await page.getByRole('grid').getByRole('row').nth(5).waitFor()
    if (process.env.NEOGATE_SCREENSHOTS)
      await page
        .getByRole('button', { name: /^Predict / })
        .waitFor({ state: 'hidden', timeout: FIRST_START_MS })
    await check('studies')
  })

  it('makes a project', async () => {
    await screen(en('nav.start')).click()
    await page.getByRole('heading', { name: en('project.title'), level: 1 }).waitFor()
    await check('projects')
    await page.getByLabel(en('project.name')).fill('Ward')
    await page.getByLabel(en('project.parent')).fill(folder.path)
    await button('action.create').click()
    // An empty project leads straight to the import.
    await page.getByRole('heading', { name: en('intake.title'), level: 1 }).waitFor()
  })

  it('imports a study folder: table, columns, rehearsal, import', async () => {
    await page.getByLabel(en('intake.folder.label')).fill(studyFolder)
    await check('import-folder')
    await button('action.next').click()
    await page.getByRole('radio', { name: /labels\.csv/ }).check()
    await check('import-table')
    await button('action.next').click()
    await button('intake.mapping.rehearse').waitFor()
    await check('import-columns')
    await saveAndReuseMapping()
    await button('intake.mapping.rehearse').click()
    await button('intake.run.start').waitFor()
    await check('import-rehearsal')
    await button('intake.run.start').click()
    await page.getByRole('heading', { name: en('intake.run.doneTitle') }).waitFor()
    await button('intake.report.filter.refused').click()
    const refused = page.getByRole('row', { name: /cut-off\.dcm/ })
    await refused.getByText(en('errors.reasons.truncated.sentence')).waitFor()
    expect(await scrollingParts()).toBeLessThanOrEqual(1)
    await check('import-report')
    await button('project.goStudies').click()
    await page.getByRole('grid').getByRole('row').nth(3).waitFor()
  })

  async function saveAndReuseMapping(): Promise<void> {
    const chosen = page.getByLabel(en('intake.profile.use'), { exact: true })
    const weight = page.getByLabel(en('intake.field.bw.name'), { exact: true })
    const column = await weight.inputValue()
    await page.getByLabel(en('intake.profile.saveAs')).fill(PROFILE)
    await button('action.save').click()
    await expect.poll(() => chosen.inputValue(), { timeout: STEP_MS }).toBe(PROFILE)
    await weight.selectOption('')
    await page.getByText(/^No column was recognised for “Birth weight”/).waitFor()
    await chosen.selectOption('')
    await chosen.selectOption(PROFILE)
    expect(await weight.inputValue()).toBe(column)
  }

  /** How many parts of the screen scroll up and down by themselves. */
  const scrollingParts = () =>
    page.evaluate(
      () =>
        [...document.querySelectorAll('main *')].filter(
          part =>
            part.scrollHeight > part.clientHeight + 1 &&
            ['auto', 'scroll'].includes(getComputedStyle(part).overflowY)
        ).length
    )

  it('reads a film: picture, label, prediction', async () => {
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await page
      .getByRole('img', { name: /Chest film 1/ })
      .or(page.locator('canvas'))
      .first()
      .waitFor()
    await panel('field.predicted')
      .getByText(/%/)
      .first()
      .waitFor({ timeout: 2 * STEP_MS })
    expect(await panel('field.predicted').getByText(en('reading.prediction.untrained')).count()).toBe(0)
    await check('reading-room')
  })

  /** What is pressed in the label panel; empty while the film is unlabelled. */
  const labels = async () => {
    const pressed = panel('field.label').getByRole('group').getByRole('button', { pressed: true })
    return (await pressed.allInnerTexts()).join()
  }

  it('signs the label that the table brought, by Enter', async () => {
    const film = () => page.locator('main canvas').getAttribute('aria-label')
    const [first, label] = [await film(), await labels()]
    expect(label).not.toBe('')
    expect(await panel('field.label').innerText()).not.toContain(READER)
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('Enter')
    await expect.poll(film, { timeout: STEP_MS }).not.toBe(first)
    await page.keyboard.press('p')
    await expect.poll(film, { timeout: STEP_MS }).toBe(first)
    await expect.poll(() => panel('field.label').innerText(), { timeout: STEP_MS }).toContain(READER)
    expect(await labels()).toBe(label)
  })

  it('labels by keyboard, goes on by itself, comes back and takes back', async () => {
    const film = () => page.locator('main canvas').getAttribute('aria-label')
    const first = await film()
    const [key, diagnosis] = (await labels()).includes('TTN') ? ['5', 'RDS'] : ['6', 'TTN']
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press(key)
    await expect.poll(film, { timeout: STEP_MS }).not.toBe(first)
    await page.keyboard.press('p')
    await expect.poll(film, { timeout: STEP_MS }).toBe(first)
    await expect.poll(labels, { timeout: STEP_MS }).toContain(diagnosis)
    await page.keyboard.press('Control+z')
    await expect.poll(labels, { timeout: STEP_MS }).not.toContain(diagnosis)
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(labels, { timeout: STEP_MS }).toContain(diagnosis)
  })

  it('corrects GA and BW by keyboard, with a check of plausibility', async () => {
    await page.keyboard.press('g')
    const ga = panel('reading.context.title').getByLabel(en('field.ga'))
    await expect.poll(() => ga.evaluate(field => field === document.activeElement)).toBe(true)
    await ga.fill('29+3')
    const bw = panel('reading.context.title').getByLabel(en('field.bw'))
    await bw.fill('1.25')
    await panel('reading.context.title').getByText(en('reading.finding.bw-in-kilograms.name')).waitFor()
    await check('reading-room-plausibility')
    await bw.fill('1250')
    await bw.press('Enter')
    await panel('reading.context.title').getByText(en('context.ok')).waitFor()
    await expect.poll(() => panel('field.predicted').innerText(), { timeout: STEP_MS }).toContain('GA 29+3')
  })

  it('shows the activation map', async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('o')
    await page.getByLabel(en('reading.overlay.legend')).waitFor()
    await check('reading-room-activation')
    await page.keyboard.press('o')
  })

  it('compares two versions, promotes one past the gate with a reason, and rolls back', async () => {
    const second = join(folder.path, 'second')
    const options = ['--method', 'ccgn-small', '--size', '160', '--seed', '2', '--name', 'Second']
    const made = await runNeogate(['model', 'new', ...options, '--out', second], study.path)
    expect(made.code, made.stderr).toBe(0)
    await screen(en('nav.models')).click()
    await page.getByLabel(en('models.folder')).fill(second)
    await button('models.add').click()

    await page.getByRole('radio', { name: /^Second/ }).check()
    await page.getByText(en('models.promotion.warning.untrained')).waitFor()
    const reason = page.getByLabel(en('models.promotion.reason'))
    await reason.fill('To see how it differs')
    expect(await button('models.promotion.promote').isDisabled()).toBe(true)
    await page.getByLabel(en('models.promotion.confirm')).check()
    await button('models.promotion.promote').click()
    await page.getByText(en('models.promotion.isActive')).waitFor()

    const comparison = panel('models.compare.title')
    await button('models.compare.run').click()
    await button('models.compare.predictA').click()
    await button('models.compare.predictB').click()
    const counts = async () => {
      await button('models.compare.run').click()
      return comparison.getByRole('status').first().innerText()
    }
    await expect
      .poll(counts, { timeout: 2 * STEP_MS, interval: 1000 })
      .toMatch(/\b(\d+) of \1 films compared/)
    await comparison.getByRole('row').last().scrollIntoViewIfNeeded()
    await check('models-compare')
    await comparison.getByRole('button', { name: /^Read these/ }).click()
    await page.locator('main canvas').first().waitFor()

    await screen(en('nav.models')).click()
    await reason.fill('Seen enough')
    await page.getByRole('button', { name: /^Roll back to/ }).click()
    await page.getByText(en('models.promotion.back'), { exact: true }).waitFor()
    await page
      .getByRole('row', { name: /Second/ })
      .getByRole('radio', { checked: false })
      .waitFor()
  })

  it.each([
    ['nav.models', 'models.title', 'models'],
    ['nav.jobs', 'jobs.title', 'jobs'],
    ['nav.history', 'history.title', 'history'],
    ['nav.settings', 'settings.title', 'settings']
  ])('has nothing for axe to find on %s', async (link, heading, picture) => {
    await screen(en(link)).click()
    await page.getByRole('heading', { name: en(heading), level: 1 }).waitFor()
    await check(picture)
  })

  it('speaks Korean', async () => {
    await page.getByLabel(en('settings.language')).selectOption('ko')
    await page.getByRole('heading', { name: ko('settings.title'), level: 1 }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('ko')
    await screen(ko('nav.studies')).click()
    await page.getByRole('grid').getByRole('row').nth(3).waitFor()
    expect(await page.getByText(ko('app.research')).first().isVisible()).toBe(true)
    expect(await axeViolations(page)).toEqual([])
  })

  it('comes back after a reload with the same project', async () => {
    await page.reload()
    await page.getByRole('grid').getByRole('row').nth(3).waitFor()
  })

  it('has thrown nothing and broken no rule of its content security policy', () => {
    expect(shell.problems).toEqual([])
  })
})
