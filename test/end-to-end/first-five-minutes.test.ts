import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeViolations } from '../support/axe'
import { strings } from '../support/strings'
import { temporaryFolder } from '../support/temporary-folder'
import { checkScreen } from './check-screen'
import { shells, type Shell } from './shells'

/** Drawing the demo of a first start takes seconds, but not on a machine that does other things as well. */
const FIRST_START_MS = 300_000
const WAIT = { timeout: 60_000 }
const FILMS = 10
const en = strings('en')
const ko = strings('ko')

/** docs/first-five-minutes.md, played: what a newcomer does who reads nothing but the screen. */
describe.each(shells)('the first five minutes in %s', (name, start) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let shell: Shell
  let page: Page

  beforeAll(async () => {
    folder = await temporaryFolder('e2e-newcomer')
    shell = await start(join(folder.path, 'user'))
    page = shell.page
  })
  afterAll(async () => {
    await shell.close()
    await folder.remove()
  })

  const steps = () => page.getByRole('complementary', { name: en('firstSteps.title') })
  const done = () =>
    steps()
      .getByRole('listitem')
      .filter({ hasText: en('firstSteps.done') })
      .count()
  const hint = () => steps().getByRole('status').innerText()
  const film = () => page.locator('main canvas').first().getAttribute('aria-label')
  /** Another film is there, and no longer on its way. */
  const nextThan = (before: string | null) => async () => !['', before].includes(await film())
  const filmShown = () =>
    expect
      .poll(
        () => page.getByRole('button', { name: en('reading.tools.invert'), exact: true }).isEnabled(),
        WAIT
      )
      .toBe(true)
  const check = (picture: string) => checkScreen(page, name, picture, folder.path)

  it(
    'begin in the demo, with the first step taken',
    async () => {
      await page.getByRole('grid').getByRole('row').nth(5).waitFor({ timeout: FIRST_START_MS })
      await page
        .getByRole('group', { name: en('field.predicted'), exact: true })
        .getByRole('checkbox')
        .first()
        .waitFor({ timeout: FIRST_START_MS })
      expect(await done()).toBe(1)
      expect(await hint()).toContain(en('firstSteps.hint.studies'))
      await check('first-steps-studies')
    },
    2 * FIRST_START_MS
  )

  it('read ten films, each with one key, and see them counted', { timeout: FIRST_START_MS }, async () => {
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await expect.poll(film, WAIT).toMatch(/^Chest film 1 /)
    await expect.poll(hint, WAIT).toContain(en('firstSteps.hint.label'))
    for (let read = 1; read <= FILMS; read++) {
      const before = await film()
      await page.keyboard.press(String(1 + (read % 6)))
      await expect.poll(nextThan(before), WAIT).toBe(true)
      if (read === 4) {
        await expect.poll(() => steps().innerText(), WAIT).toContain(`4 of ${FILMS}`)
        await filmShown()
        await check('first-steps-reading')
      }
    }
    await expect.poll(done, WAIT).toBe(2)
  })

  it('correct a GA, see the answer change, and why', { timeout: FIRST_START_MS }, async () => {
    await expect.poll(hint, WAIT).toContain(en('firstSteps.hint.correct'))
    const answers = page.getByRole('region', { name: en('field.predicted') })
    await answers.getByText(/%/).first().waitFor()
    await page.keyboard.press('g')
    const context = page.getByRole('region', { name: en('reading.context.title') })
    const ga = context.getByLabel(en('field.ga'))
    await expect.poll(() => ga.evaluate(field => field === document.activeElement), WAIT).toBe(true)
    const weeks = Number.parseInt(await ga.inputValue(), 10)
    await ga.fill(`${weeks > 33 ? weeks - 2 : weeks + 2}+1`)
    await ga.press('Enter')
    // Where the new value is unusual for the weight, the screen asks, and Enter saves it as it is.
    const asked = context.getByRole('alert')
    await expect.poll(async () => (await asked.count()) + (await done()), WAIT).not.toBe(2)
    if (await asked.isVisible()) await ga.press('Enter')
    await expect.poll(done, WAIT).toBe(4)
    await expect.poll(hint, WAIT).toMatch(/\d% → [<>]?\d+%, because the gate was given GA \d\d\+1/)
  })

  it('know what to do next', async () => {
    for (const link of ['nextImport', 'nextTrain', 'nextEvaluate'])
      expect(
        await steps()
          .getByRole('link', { name: en(`firstSteps.${link}`) })
          .isVisible()
      ).toBe(true)
    await filmShown()
    await check('first-steps-next')
    await steps()
      .getByRole('link', { name: en('firstSteps.nextTrain') })
      .click()
    await page.getByRole('heading', { level: 1, name: en('training.title') }).waitFor()
  })

  it('speak Korean, and end when the newcomer says so', async () => {
    await page
      .getByRole('navigation')
      .getByRole('link', { name: en('nav.settings') })
      .click()
    await page.getByLabel(en('settings.language')).selectOption('ko')
    const korean = page.getByRole('complementary', { name: ko('firstSteps.title') })
    await korean.waitFor()
    expect(await axeViolations(page)).toEqual([])
    await korean.getByRole('button', { name: ko('firstSteps.dismiss') }).click()
    await korean.waitFor({ state: 'hidden' })
    await page.reload()
    const again = page.getByLabel(ko('settings.firstSteps'))
    await again.waitFor()
    expect(await korean.count()).toBe(0)
    await again.check()
    await korean.waitFor()
  })

  it('have thrown nothing', () => expect(shell.problems).toEqual([]))
})
