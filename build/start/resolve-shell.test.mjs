import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { hasDisplay, resolveShell } from './resolve-shell.mjs'

const folder = mkdtempSync(join(tmpdir(), 'neogate-shell-'))
writeFileSync(join(folder, 'electron'), '')
afterAll(() => rmSync(folder, { recursive: true }))

describe.runIf(process.platform === 'linux')('the shell of npm start', () => {
  it('is what ELECTRON_EXEC_PATH names, before all else and without a display', () => {
    const executable = join(folder, 'electron')
    const env = { ELECTRON_EXEC_PATH: executable, ELECTRON_OVERRIDE_DIST_PATH: '/elsewhere' }
    expect(resolveShell({ env })).toEqual({ kind: 'electron', executable, from: 'ELECTRON_EXEC_PATH' })
  })

  it('is what ELECTRON_OVERRIDE_DIST_PATH holds', () => {
    const env = { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: folder }
    expect(resolveShell({ env })).toMatchObject({ executable: join(folder, 'electron') })
  })

  it('is refused, not guessed, where a variable names nothing', () => {
    expect(() => resolveShell({ env: { ELECTRON_EXEC_PATH: '/no/electron' } })).toThrow(/ELECTRON_EXEC_PATH/)
    const env = { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: '/no' }
    expect(() => resolveShell({ env })).toThrow(/ELECTRON_OVERRIDE_DIST_PATH/)
  })

  it('is the browser where there is no display, without trying to fetch anything', () => {
    const install = () => {
      throw new Error('must not be tried')
    }
    expect(resolveShell({ env: {}, install })).toEqual({
      kind: 'browser',
      reason: 'there is no display here'
    })
  })

  it('sees X and Wayland, and needs neither outside Linux', () => {
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true)
    expect(hasDisplay({}, 'linux')).toBe(false)
    expect(hasDisplay({}, 'darwin')).toBe(true)
  })
})
