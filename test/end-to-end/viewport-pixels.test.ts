import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { expect, it } from 'vitest'
import { testProgram } from '../support/built'
import type * as ViewportPage from './viewport-page'

/** Bundles the viewport alone; nothing of the application runs. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'chrome114',
      lib: {
        entry: fileURLToPath(new URL('./viewport-page.ts', import.meta.url)),
        formats: ['iife'],
        name: 'viewportPage'
      }
    }
  })
  const [output] = [built].flat()
  if (!output || !('output' in output)) throw new Error('The viewport was not bundled')
  return output.output[0].code
}

it('draws in WebGL2 what the reference computes by the formulas of PS3.3', async () => {
  const browser = await chromium.launch({
    executablePath: testProgram('NEOGATE_TEST_CHROMIUM'),
    args: [
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])
    ]
  })
  try {
    const page = await browser.newPage()
    await page.addScriptTag({ content: await bundle() })
    const results = await page.evaluate(() => {
      const { compareAll, redrawAfterLoss } = globalThis as unknown as typeof ViewportPage
      return Promise.all([...compareAll(), redrawAfterLoss()])
    })
    expect(results).toHaveLength(109)
    for (const { name, oneToOne, differing, largest, channels, error } of results) {
      expect(error, name).toBe(0)
      // A card computes in 32 bits: an interpolated value may fall on the other side of a rounding, by one grey.
      expect(largest, name).toBeLessThanOrEqual(oneToOne ? 0 : 1)
      expect(differing / channels, name).toBeLessThan(0.001)
    }
  } finally {
    await browser.close()
  }
})
