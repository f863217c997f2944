import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..', '..')

/** The build under test. @throws Error where it is missing */
export function built(path: string): string {
  const file = resolve(root, 'out', path)
  if (!existsSync(file)) throw new Error(`${file} is missing: run npm run build first.`)
  return file
}

/** A browser or Electron that the test line has found. @throws Error where it has not run */
export function testProgram(name: 'NEOGATE_TEST_ELECTRON' | 'NEOGATE_TEST_CHROMIUM'): string {
  const program = process.env[name]
  if (!program)
    throw new Error(`${name} is not set: run these tests through the test line (npm run contract, e2e).`)
  return program
}
