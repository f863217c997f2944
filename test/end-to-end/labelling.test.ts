import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningElectron } from '../support/electron-app'
import { strings } from '../support/strings'
import { checkScreen } from './check-screen'
import { shells } from './shells'
import { openWard, WARD_MS, type Ward } from './ward'

const en = strings('en')

describe.each(shells)('labelling in %s', (name, start) => {
  let ward: Ward
  let page: Page

  beforeAll(async () => {
    ward = await openWard(start, { infants: 8 })
    page = ward.shell.page
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => performance.getEntriesByName('film-shown').length > 0)
  }, WARD_MS)
  afterAll(() => ward?.close())

  const panel = (key: string) => page.getByRole('region', { name: en(key), exact: true })
  const tags = async () =>
    (await panel('tags.title').getByRole('list').getByRole('listitem').allInnerTexts()).map(text =>
      text.replace(/\s*×$/, '').trim()
    )
  const unpress = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())

  it('notes findings, lines and tubes by keyboard alone', async () => {
    await unpress()
    await page.keyboard.press('t')
    const search = page.getByRole('combobox', { name: en('tags.search') })
    await expect.poll(() => search.evaluate(field => field === document.activeElement)).toBe(true)
    await page.keyboard.type('ptx l')
    await page.keyboard.press('Enter')
    await expect.poll(tags).toEqual(['Pneumothorax, left'])
    // The number beside an option takes it.
    await page.keyboard.type('ett')
    await page.getByRole('option', { name: 'ETT: too low' }).waitFor()
    await page.keyboard.press('4')
    await page.keyboard.type('uvc well')
    await page.keyboard.press('Enter')
    await expect.poll(tags).toEqual(['Pneumothorax, left', 'ETT: too low', 'UVC: well placed'])
    await page.keyboard.type('nec')
    await expect.poll(() => page.getByRole('option').count()).toBe(4)
    await panel('reading.context.title')
      .getByRole('img', { name: /^Growth chart/ })
      .waitFor()
    await panel('field.predicted').getByText(/%/).first().waitFor({ timeout: 120_000 })
    await checkScreen(page, name, 'reading-room-tags', ward.folder)
    await page.keyboard.press('Escape')
    await expect.poll(() => search.count()).toBe(0)
  })

  it('takes the last one back, brings it again, and keeps it over a reload', async () => {
    await page.keyboard.press('Control+z')
    await expect.poll(tags).toEqual(['Pneumothorax, left', 'ETT: too low'])
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(tags).toEqual(['Pneumothorax, left', 'ETT: too low', 'UVC: well placed'])
    await page.getByRole('button', { name: 'Remove: ETT: too low' }).click()
    await page.reload()
    await expect.poll(tags).toEqual(['Pneumothorax, left', 'UVC: well placed'])
  })

  it('shows pace and distribution when wanted, and no distribution while blinded', async () => {
    await expect.poll(() => panel('reading.pace.title').count()).toBe(0)
    await page.keyboard.press('Shift+P')
    const pace = panel('reading.pace.title')
    await pace.getByRole('table').waitFor()
    await page.keyboard.press('5')
    await expect.poll(() => pace.innerText()).toMatch(/Films: 1 · [\d.]+ s a film/)
    await page.keyboard.press('b')
    await pace.getByText(en('reading.pace.hidden')).waitFor()
    expect(await pace.getByRole('table').count()).toBe(0)
    await page.keyboard.press('b')
    await page.keyboard.press('Shift+P')
    await expect.poll(() => pace.count()).toBe(0)
  })

  it('moves the infant on the growth chart while GA and BW are typed', async () => {
    const chart = panel('reading.context.title').getByRole('img')
    await page.keyboard.press('g')
    await panel('reading.context.title').getByLabel(en('field.ga')).fill('28+0')
    await panel('reading.context.title').getByLabel(en('field.bw')).fill('1000')
    await expect
      .poll(() => chart.getAttribute('aria-label'))
      .toMatch(/this infant at 28\+0, 1000 g, z-score [+−]\d\.\d\d$/)
    await page.keyboard.press('Escape')
  })

  it('ran without an error in the page', () => expect(ward.shell.problems).toEqual([]))

  it.runIf(name === 'Electron')(
    'asks before the window closes over a change that could not be saved, and goes only where the reader lets it go',
    async () => {
      const { app } = ward.shell as unknown as RunningElectron
      const answer = (chosen: number) =>
        app.evaluate(({ dialog }, button) => {
          const asked: object[] = []
          Object.assign(globalThis, { asked })
          dialog.showMessageBoxSync = ((...given: object[]) => {
            asked.push(given.at(-1)!)
            return button
          }) as typeof dialog.showMessageBoxSync
        }, chosen)
      const asked = () =>
        app.evaluate(
          () => (globalThis as unknown as { asked: { buttons: string[]; detail: string }[] }).asked
        )
      const closeWindow = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())

      // Longer than the core takes: the field's own limit does not hold what a program puts in.
      const comment = panel('field.label').getByRole('textbox')
      await comment.focus()
      await comment.evaluate(field => {
        ;(field as HTMLTextAreaElement).value = 'x'.repeat(4001)
        field.dispatchEvent(new Event('input', { bubbles: true }))
      })
      await page.keyboard.press('Control+Enter')
      await panel('field.label')
        .getByRole('button', { name: en('action.retry') })
        .waitFor()

      await answer(0)
      await closeWindow()
      await expect.poll(async () => (await asked()).length).toBe(1)
      const [question] = await asked()
      expect(question).toMatchObject({
        buttons: [expect.any(String), expect.any(String)],
        defaultId: 0,
        cancelId: 0
      })
      expect(question!.detail).toMatch(/Research use only|연구용/)
      // The page is there as it was, with the change.
      await panel('field.label')
        .getByRole('button', { name: en('action.retry') })
        .waitFor()

      await answer(1)
      const closed = page.waitForEvent('close')
      await closeWindow()
      await closed
    }
  )
})
