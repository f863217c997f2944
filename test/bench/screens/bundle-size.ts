import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { built } from '../../support/built'

/** Bytes of the built screens: all code and styles as gzip packs them, and fonts as they are. */
export function bundleSize(): { code: number; fonts: number } {
  const folder = built('renderer/assets')
  let code = 0
  let fonts = 0
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name))
    if (/\.(?:js|css)$/.test(name)) code += gzipSync(bytes).length
    else if (name.endsWith('.woff2')) fonts += bytes.length
  }
  return { code, fonts }
}
