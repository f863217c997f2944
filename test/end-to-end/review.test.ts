import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { strings } from '../support/strings'
import { temporaryFolder } from '../support/temporary-folder'
import { checkScreen } from './check-screen'
import { shells, type Shell } from './shells'

const STEP_MS = 30_000
const SET_UP_MS = 300_000
const en = strings('en')
const ko = strings('ko')
const HUMAN = 'Dr. Kim'

/** A demo project whose films a second reader has answered already, and a protocol for both. */
describe.each(shells)('review in %s', (name, start) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let shell: Shell
  let page: Page
  let user: string
  const problems: string[] = []

  const link = (key: string, text = en) =>
    page.getByRole('navigation', { name: text('nav.label') }).getByRole('link', { name: text(key) })
  const button = (key: string) => page.getByRole('button', { name: en(key), exact: true })
  const queue = (kind: string) =>
    page.getByRole('button', { name: new RegExp(`^${en(`queues.kind.${kind}.name`)}`) })
  const check = (picture: string) => checkScreen(page, name, picture, folder.path)

  async function openShell(): Promise<void> {
    shell = await start(user)
    page = shell.page
  }

  beforeAll(async () => {
    folder = await temporaryFolder('e2e-review')
    user = join(folder.path, 'user')
    await openShell()
    await page.getByRole('grid').getByRole('row').nth(3).waitFor({ timeout: SET_UP_MS })
  }, SET_UP_MS)
  afterAll(async () => {
    await shell.close()
    await folder.remove()
  })

  it('lists every queue with its count, and says why each film is in it', async () => {
    await link('nav.queues').click()
    const films = page.getByRole('listbox', { name: en('queues.films') })
    await films.getByRole('option').first().waitFor()
    await expect.poll(() => films.getByRole('option').first().innerText()).toMatch(/TTN/)
    await queue('adjudication').click()
    await expect.poll(() => films.getByRole('option').first().innerText()).toMatch(/readings differ: /)
    await queue('ttn-rds').click()
    await expect.poll(() => films.getByRole('option').first().innerText()).toMatch(/TTN/)
  })

  it('reads a queue in its order, each film with its reason', async () => {
    const films = page.getByRole('listbox', { name: en('queues.films') })
    await films.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    const why = page.getByRole('region', { name: en('queues.why') })
    await why.getByRole('listitem').first().waitFor()
    expect(await why.innerText()).toMatch(/TTN|RDS/)
  })

  it('makes a protocol from a queue', async () => {
    await link('nav.queues').click()
    await queue('random-audit').click()
    await button('queues.makeProtocol').click()
    await page.getByLabel(en('protocols.field.name')).fill('Round 1')
    await page.getByLabel(en('protocols.field.films'), { exact: true }).fill('3')
    await page.getByLabel(en('protocols.field.repeats')).fill('0')
    await page.getByLabel(en('protocols.rule.commentWhenUnsure')).check()
    await page.getByLabel(en('protocols.rule.revealAfterCommit')).check()
    await check('protocol-new')
    await button('protocols.new.make').click()
    await page.getByRole('heading', { name: 'Round 1' }).waitFor()
  })

  it('reads it blinded by keyboard alone, and tells what was hidden once committed', async () => {
    await button('protocols.read').click()
    await page.waitForFunction(() => performance.getEntriesByName('film-shown').length > 0)
    await page.getByText(en('reading.blind.model')).waitFor()
    const answer = page.getByRole('region', { name: en('protocols.task.answer') })
    await unpress()
    await page.keyboard.press('Enter')
    await answer.getByText(en('protocols.task.lacks.diagnosis')).waitFor()
    await page.keyboard.press('5')
    await page.keyboard.press('u')
    await page.keyboard.press('Enter')
    await answer.getByText(en('protocols.task.lacks.comment')).waitFor()
    await check('protocol-reading')
    await page.keyboard.type('ground glass, early film')
    await page.keyboard.press('Control+Enter')
    await page.keyboard.press('Enter')
    await answer.getByText(en('protocols.task.committed')).waitFor()
    await expect.poll(() => page.getByText(en('reading.blind.model')).count()).toBe(0)
    await page.keyboard.press('Enter')
    await page.getByText(en('reading.blind.model')).waitFor()
  })

  it('hides the protocol’s films on other screens too, figures made of them as a whole, and leads back', async () => {
    const classes = /\b(?:BPD|ALS|RDS|TTN)\b/
    for (const screen of ['agreement', 'evaluation', 'experiments']) {
      await link(`nav.${screen}`).click()
      await page.getByText(en('blinded.figures')).waitFor()
      expect(await page.getByRole('main').innerText()).not.toMatch(classes)
    }
    await button('blinded.readOn').click()
    await expect.poll(() => page.locator('aside header .who').innerText()).toMatch(/\w · /)
    const infant = (await page.locator('aside header .who').innerText()).split(' · ')[0]!
    await link('nav.studies').click()
    await page.getByText(en('blinded.protocolTitle')).waitFor()
    const grid = page.getByRole('grid')
    await grid.getByRole('row').nth(3).waitFor()
    await page.getByLabel(en('studies.search')).fill(infant)
    await expect.poll(async () => Number(await grid.getAttribute('aria-rowcount'))).toBeLessThan(20)
    await grid.getByText(en('studies.blind.cell'), { exact: true }).first().waitFor()
    // Of the same infant, a film that is committed already is shown.
    const hidden = grid.getByRole('row').filter({ hasText: en('studies.blind.cell') })
    for (const row of await hidden.allInnerTexts()) expect(row).not.toMatch(classes)
    await check('studies-protocol-blinded')
    await button('blinded.look').click()
    await page.getByLabel(en('blinded.lookReason')).waitFor()
    await page.keyboard.press('Escape')
    await page.getByLabel(en('studies.search')).fill('')
    await button('blinded.readOn').click()
    await page.getByText(en('reading.blind.model')).waitFor()
  })

  it('gives the same film again after a reload and after the host was killed, with the earlier reading kept', async () => {
    const infant = () => page.locator('aside header .who').innerText()
    await expect.poll(infant).toMatch(/\w \u00b7 /)
    const before = await infant()
    await page.reload()
    await page.getByText(en('reading.blind.model')).waitFor()
    await expect.poll(infant).toBe(before)
    // That its host is gone is for the page to notice.
    problems.push(...shell.problems)
    await shell.kill()
    await openShell()
    await page.getByRole('grid').getByRole('row').nth(3).waitFor()
    // Also before the reading goes on: the core knows what is hidden.
    await page.getByText(en('blinded.protocolTitle')).waitFor()
    await link('nav.protocols').click()
    await page.getByRole('button', { name: /^Round 1/ }).click()
    await page.getByText(en('protocols.withheld')).waitFor()
    await page
      .getByRole('row')
      .filter({ hasText: en('protocols.you') })
      .getByText('1', { exact: true })
      .waitFor()
    await button('protocols.read').click()
    await page.getByText(en('reading.blind.model')).waitFor()
    await expect.poll(infant).toBe(before)
  })

  it('goes to the end of the protocol, and shows how far its readers are', async () => {
    await unpress()
    const answer = page.getByRole('region', { name: en('protocols.task.answer') })
    for (const [key, diagnosis] of [
      ['4', /Normal/],
      ['6', /TTN/]
    ] as const) {
      await page.getByText(en('reading.blind.model')).waitFor()
      // A key that comes before the film does is no answer to it.
      await expect
        .poll(async () => {
          await page.keyboard.press(key)
          return answer.getByRole('button', { name: diagnosis, pressed: true }).count()
        })
        .toBe(1)
      await page.keyboard.press('Enter')
      await page.getByText(en('protocols.task.committed')).waitFor()
      await page.keyboard.press('Enter')
    }
    await button('protocols.task.toProtocol').click()
    await page.getByRole('heading', { name: 'Round 1' }).waitFor()
    const mine = page.getByRole('row').filter({ hasText: en('protocols.you') })
    await expect.poll(() => mine.innerText()).toMatch(/\b3\b/)
    // A virtual display without a window manager gives Electron no focus: nobody was looking, so that nothing was timed.
    if (name === 'Chromium') expect(await mine.innerText()).toMatch(/\d s/)
    await page.getByRole('button', { name: /^Simulated/ }).click()
    await page.getByRole('row', { name: /Simulated reader A/ }).waitFor()
    await check('protocol')
  })

  it('adjudicates a film on which readers differ, and asks why they did', async () => {
    await page.getByRole('button', { name: /^Adjudicate/ }).click()
    await page.getByText(en('protocols.task.whyDiffered')).waitFor()
    await unpress()
    await page.keyboard.press('5')
    await page.keyboard.press('Enter')
    await page.getByText(en('protocols.task.lacks.reasons')).waitFor()
    await page.keyboard.press('Space')
    await unpress()
    await page.keyboard.press('Enter')
    await page.getByText(/^1 read, /).waitFor()
    await button('protocols.task.release').click()
    await page.getByRole('row', { name: new RegExp(en('protocols.you')) }).waitFor()
  })

  it('takes the consensus over as labels with a reason, and closes the protocol', async () => {
    await page.getByLabel(en('protocols.consensus.reason')).fill('Agreed in the conference')
    await page.getByRole('button', { name: /^Take \d+ as label/ }).click()
    await page.getByText(/^\d+ labels? changed$/).waitFor()
    await expect
      .poll(() => page.getByText(en('protocols.consensus.differing').split(' | ')[0]!).count())
      .toBe(1)
    await button('protocols.close').click()
    await button('protocols.closeNow').click()
    await expect.poll(() => button('protocols.read').count()).toBe(0)
  })

  it('shows agreement, and the films behind a cell', async () => {
    await link('nav.agreement').click()
    await page.getByRole('heading', { name: en('agreement.panel') }).waitFor()
    await page.getByRole('heading', { name: en('agreement.pairTitle') }).waitFor()
    await page
      .getByRole('button', { name: /Simulated reader A.*Simulated reader B.*films/ })
      .first()
      .waitFor()
    await check('agreement')
    const saving = page.waitForEvent('download')
    if (name === 'Chromium') {
      await button('agreement.export.save').click()
      expect((await saving).suggestedFilename()).toMatch(/RDS-imrmc\.imrmc$/)
    } else saving.catch(() => {})
    await page.getByRole('button', { name: /^Read the/ }).click()
    await page.locator('main canvas').first().waitFor()
    await link('nav.agreement').click()
    await page.getByLabel(en('evaluation.confusion.open')).selectOption('studies')
    await page.getByRole('button', { name: /^Read the/ }).click()
    await page.getByText('Simulated reader A / Simulated reader B').first().waitFor()
  })

  it('asks the model for the scores that queues need, and shows their films', async () => {
    await link('nav.queues').click()
    await queue('label-suspects').click()
    await button('queues.compute').click()
    const films = page.getByRole('listbox', { name: en('queues.films') })
    await expect
      .poll(() => films.getByRole('option').first().innerText(), { timeout: 2 * STEP_MS })
      .toMatch(/a model trained without this infant says/)
    await page.getByText(/cross-validated\./).waitFor()
    await expect
      .poll(() =>
        films.locator('img').evaluateAll(all => all.every(each => (each as HTMLImageElement).complete))
      )
      .toBe(true)
    await check('queues')
  })

  it('registers readers with roles', async () => {
    await link('nav.settings').click()
    const readers = page.getByRole('region', { name: en('protocols.readers.title') })
    await readers.getByText(en('protocols.readers.none')).waitFor()
    const signed = await page.getByLabel(en('settings.reader')).inputValue()
    await readers.getByLabel(en('protocols.readers.name')).fill(signed)
    await readers.getByLabel(en('protocols.readers.role.curator')).check()
    await readers.getByRole('button', { name: en('protocols.readers.add') }).click()
    await readers.getByRole('row', { name: new RegExp(`^${signed}`) }).waitFor()
    await readers.getByLabel(en('protocols.readers.name')).fill(HUMAN)
    await readers.getByLabel(en('protocols.readers.role.reader'), { exact: true }).check()
    await readers.getByRole('button', { name: en('protocols.readers.add') }).click()
    await readers.getByRole('row', { name: new RegExp(`^${HUMAN}`) }).waitFor()
    await check('readers')
  })

  it('hands films of a site to its readers only', async () => {
    await link('nav.protocols').click()
    await button('protocols.new.open').click()
    await page.getByLabel(HUMAN, { exact: true }).waitFor()
    await page.getByLabel(en('protocols.field.assignment')).selectOption('by-site')
    await page.getByText(en('protocols.new.fault.sites')).waitFor()
    await page.getByLabel('hanbit').fill(HUMAN)
    await page.getByLabel(en('protocols.field.name')).fill('Hanbit only')
    await button('protocols.new.make').click()
    await page.getByRole('heading', { name: 'Hanbit only' }).waitFor()
    await page.getByRole('row', { name: new RegExp(`^${HUMAN}`) }).waitFor()
    expect(await button('protocols.read').isDisabled()).toBe(true)
  })

  it('lets a curator whom a protocol blinds look all the same, with a reason that the history keeps', async () => {
    await link('nav.settings').click()
    const signed = await page.getByLabel(en('settings.reader')).inputValue()
    await link('nav.protocols').click()
    await button('protocols.new.open').click()
    await page.getByLabel(en('protocols.field.assignment')).selectOption('by-site')
    await page.getByLabel('hanbit').fill(signed)
    await page.getByLabel(en('protocols.field.name')).fill('Round 2')
    await page.getByLabel(en('protocols.field.films'), { exact: true }).fill('20')
    await button('protocols.new.make').click()
    await page.getByRole('heading', { name: 'Round 2' }).waitFor()
    await page.getByText(en('protocols.withheld')).waitFor()
    await check('protocol-blinded')
    await button('blinded.look').click()
    const why = 'Asked for by the study board'
    await page.getByLabel(en('blinded.lookReason')).fill(why)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: en('protocols.consensus.title') }).waitFor()
    await link('nav.history').click()
    await page.getByText(why).waitFor()
    await page.getByText(en('history.kind.unblinding')).waitFor()
    await link('nav.settings').click()
  })

  it('speaks Korean', async () => {
    await page.getByLabel(en('settings.language')).selectOption('ko')
    for (const screen of ['queues', 'protocols', 'agreement'] as const) {
      await link(`nav.${screen}`, ko).click()
      await page
        .getByRole('heading', { name: ko(`${screen}.title`) })
        .first()
        .waitFor()
    }
    await page.getByRole('heading', { name: ko('agreement.panel') }).waitFor()
  })

  it('ran without an error in the page', () => expect([...problems, ...shell.problems]).toEqual([]))

  const unpress = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
})
