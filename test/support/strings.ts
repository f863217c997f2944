import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './built'

type Strings = { [key: string]: string | Strings }

/** The renderer's own strings, so that tests find things by what a reader reads, in either language. */
export function strings(locale: 'en' | 'ko'): (key: string) => string {
  return key => {
    const [file, ...rest] = key.split('.')
    const folder = join(root, 'src', 'renderer', 'locales', locale)
    for (const [name, path] of [
      [file!, rest],
      ['common', [file!, ...rest]]
    ] as const) {
      const found = lookUp(folder, name, path)
      if (typeof found === 'string') return found
    }
    throw new Error(`No ${locale} string ${key}`)
  }
}

function lookUp(folder: string, name: string, path: readonly string[]): string | Strings | undefined {
  let value: string | Strings | undefined
  try {
    value = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Strings
  } catch {
    return undefined
  }
  for (const key of path) value = typeof value === 'object' ? value[key] : undefined
  return value
}
