import { describe, expect, it } from 'vitest'
import { userFolder } from './user-folder'

describe.runIf(process.platform !== 'win32')('user folder', () => {
  it.each([
    [{ NEOGATE_USER_FOLDER: '/x' }, 'linux', '/x'],
    [{}, 'linux', '/home/k/.local/share/neogate'],
    [{ XDG_DATA_HOME: '/data' }, 'linux', '/data/neogate'],
    [{}, 'darwin', '/home/k/Library/Application Support/NeoGate']
  ] as const)('for %j on %s is %s', (env, platform, expected) => {
    expect(userFolder(env, platform, '/home/k')).toBe(expected)
  })
})
