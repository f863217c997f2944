import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runNeogate } from '../support/run-neogate'
import { strings } from '../support/strings'
import { temporaryFolder } from '../support/temporary-folder'
import { checkScreen } from './check-screen'
import { shells, type Shell } from './shells'

const SET_UP_MS = 300_000
const en = strings('en')

describe.each(shells)('labelling in %s', (name, start) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let shell: Shell
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    folder = await temporaryFolder('e2e-labelling')
    const at = (part: string) => join(folder.path, part)
    for (const args of [
      ['demo', 'make', at('study'), '--infants', '8'],
      ['new', at('project'), '--name', 'Labelling'],
      ['import', at('project'), at('study'), '--table', join(at('study'), 'labels.csv')]
    ]) {
      const { code, stderr } = await runNeogate(args, at('user'))
      expect(code, stderr).toBe(0)
    }
    shell = await start(at('user'))
    page = shell.page
    page.setDefaultTimeout(30_000)
    page.on('pageerror', error => problems.push(error.message))
    page.on('console', message => {
      if (message.type() === 'error') problems.push(message.text())
    })
    await page.getByRole('button', { name: /^Labelling/ }).click()
    await page.getByRole('grid').getByRole('row').nth(3).waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => performance.getEntriesByName('film-shown').length > 0)
  }, SET_UP_MS)
  afterAll(async () => {
    await shell.close()
    await folder.remove()
  })

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
    await checkScreen(page, name, 'reading-room-tags', folder.path)
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

  it('ran without an error in the page', () => expect(problems).toEqual([]))
})
