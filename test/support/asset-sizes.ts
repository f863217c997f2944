import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { gzipSync } from 'node:zlib'
import { built } from './built'

/** Bytes of some of the built screens: code and styles as gzip packs them, and fonts as they are. */
export interface AssetSizes {
  code: number
  fonts: number
  names: string[]
}

function sizesOf(names: string[]): AssetSizes {
  const folder = built('renderer/assets')
  let code = 0
  let fonts = 0
  for (const name of names) {
    const bytes = readFileSync(join(folder, name))
    if (/\.(?:js|css)$/.test(name)) code += gzipSync(bytes).length
    else if (name.endsWith('.woff2')) fonts += bytes.length
  }
  return { code, fonts, names }
}

/** All that is shipped of the screens. */
export const allAssets = (): AssetSizes => sizesOf(readdirSync(built('renderer/assets')))

/** What a page has fetched since it was opened. */
export async function fetchedAssets(page: Page): Promise<AssetSizes> {
  const names = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(entry => /\/assets\/([^/?]+)$/.exec(entry.name)?.[1])
      .filter(name => name !== undefined)
  )
  return sizesOf([...new Set(names)])
}
