import { spawn, spawnSync } from 'node:child_process'
import { chownSync, readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { built, root, testProgram } from '../support/built'
import { temporaryFolder } from '../support/temporary-folder'

const NOBODY = 'nobody'

/** Root on Linux can start the app as a normal user, if that user may read this folder. */
function whyNot(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'it needs root on Linux to become another user'
  const readable =
    spawnSync('runuser', ['-u', NOBODY, '--', 'test', '-r', built('main/index.cjs')]).status === 0
  return readable ? null : `${NOBODY} may not read ${root}`
}
const reason = whyNot()
if (reason) console.warn(`Skipped: Chromium's sandbox as a normal user: ${reason}`)

/** Every process of `parent`'s family. */
function family(parent: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const status = /^\d+$/.test(name) ? read(`/proc/${name}/status`) : ''
    const found = /^PPid:\s+(\d+)/m.exec(status)
    if (found) parents.set(Number(name), Number(found[1]))
  }
  const members = [parent]
  for (const member of members) {
    for (const [child, of] of parents) if (of === member) members.push(child)
  }
  return members
}

function stop(id: number): void {
  try {
    process.kill(id, 'SIGKILL')
  } catch {
    // It ended by itself when its parent did.
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

describe.skipIf(reason !== null)('Chromium’s sandbox', () => {
  it('holds the page of a normal user: no --no-sandbox, seccomp filter on', async () => {
    const folder = await temporaryFolder('sandbox')
    const ids = spawnSync('id', ['-u', NOBODY], { encoding: 'utf8' }).stdout
    chownSync(folder.path, Number(ids), -1)
    const environment = [
      `HOME=${folder.path}`,
      `TMPDIR=${folder.path}`,
      `NEOGATE_USER_FOLDER=${folder.path}/user`
    ]
    const command = ['env', ...environment, 'xvfb-run', '-a', testProgram('NEOGATE_TEST_ELECTRON'), root]
    const child = spawn('runuser', ['-u', NOBODY, '--', ...command], { stdio: 'ignore' })
    try {
      const page = () =>
        family(child.pid!).find(id => read(`/proc/${id}/cmdline`).includes('--type=renderer')) ?? 0
      await expect.poll(page, { timeout: 60_000, interval: 500 }).toBeGreaterThan(0)
      const id = page()
      expect(read(`/proc/${id}/cmdline`)).not.toContain('--no-sandbox')
      expect(read(`/proc/${id}/status`)).toMatch(/^Seccomp:\s+2$/m)
    } finally {
      const exited = new Promise(resolve => child.once('exit', resolve))
      for (const id of family(child.pid!).reverse()) stop(id)
      await exited
      await folder.remove()
    }
  })
})
