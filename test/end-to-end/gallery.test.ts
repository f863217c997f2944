import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeViolations } from '../support/axe'
import { launchChromium } from '../support/browser-page'
import { root } from '../support/built'

const components = readdirSync(join(root, 'src/renderer/components'))
  .filter(name => name.endsWith('.vue'))
  .map(name => basename(name, '.vue'))

describe('the gallery of components', () => {
  let server: ViteDevServer
  let browser: Browser
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    server = await createServer({
      configFile: join(root, 'build/gallery/vite.config.mjs'),
      server: { port: 0, host: '127.0.0.1' },
      logLevel: 'error'
    })
    await server.listen()
    browser = await launchChromium()
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.on('pageerror', error => problems.push(error.message))
    page.on('console', message => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text())
    })
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  const show = async (locale: 'en' | 'ko') => {
    await page.goto(`${server.resolvedUrls!.local[0]!}?locale=${locale}`)
    await page.locator('[data-component]').first().waitFor({ timeout: 60_000 })
    await page.evaluate(() => document.fonts.ready)
  }

  it('shows every component, each in more than one state', async () => {
    await show('en')
    const shown = await page.locator('[data-component]').evaluateAll(sections =>
      sections.map(section => ({
        name: (section as HTMLElement).dataset.component!,
        states: section.querySelectorAll('[data-state]').length
      }))
    )
    expect(components.filter(name => !shown.some(each => each.name === name && each.states > 1))).toEqual([])
  })

  it.each(['en', 'ko'] as const)('has nothing for axe to find, and holds its text, in %s', async locale => {
    await show(locale)
    expect(await axeViolations(page)).toEqual([])
    // What runs out of its box is cut off or lies over its neighbour on a screen.
    const overflowing = await page
      .locator('[data-state] > .box')
      .evaluateAll(boxes =>
        boxes
          .filter(box => box.scrollWidth > box.clientWidth + 1)
          .map(box => box.closest<HTMLElement>('[data-component]')!.dataset.component)
      )
    expect(overflowing).toEqual([])
    if (process.env.NEOGATE_SCREENSHOTS) {
      await sharp(await page.screenshot({ fullPage: true, animations: 'disabled' }))
        .png({ palette: true, effort: 10 })
        .toFile(join(root, 'docs/screenshots', locale === 'en' ? 'gallery.png' : 'gallery-ko.png'))
    }
  })

  it('offers nothing to press that is smaller than 24 by 24 pixels', async () => {
    await show('en')
    const small = await page.locator('[data-state] button, [data-state] select').evaluateAll(targets =>
      targets
        .filter(target => {
          const { width, height } = target.getBoundingClientRect()
          return width < 24 || height < 24
        })
        .map(target => target.outerHTML.slice(0, 120))
    )
    expect(small).toEqual([])
  })

  it('has thrown nothing', () => expect(problems).toEqual([]))
})
