import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setUpTestRuntime } from '../offline-electron/setup.mjs'
import { resolveShell } from '../start/resolve-shell.mjs'
import { ELECTRON_LIBRARIES, ensurePackages, missingLibraries } from '../system/packages.mjs'

/**
 * What the windowed tests run in: this machine's Electron (the product's where its binary is installed, else the
 * offline test runtime, set up here) and Chromium. Installs system packages as root on Debian.
 * @returns {Promise<Record<string, string>>} environment for the tests
 * @throws Error saying what to install
 */
export async function setUpBrowsers(say) {
  const packages = ['chromium', 'xvfb', 'xauth', 'libvulkan1', ...ELECTRON_LIBRARIES]
  if (!ensurePackages(packages, 'the test line', say))
    throw new Error('System packages are missing; see above.')
  const chromium = findChromium()
  if (!chromium) throw new Error('No Chromium found: install it, or name it in NEOGATE_TEST_CHROMIUM.')
  const electron = await findElectron(say)
  const missing = missingLibraries(electron)
  if (missing.length > 0) throw new Error(`Electron lacks system libraries: ${missing.join(', ')}.`)
  return { NEOGATE_TEST_CHROMIUM: chromium, NEOGATE_TEST_ELECTRON: electron }
}

async function findElectron(say) {
  // The tests bring their own display, and never wait for a download server.
  const env = { ...process.env, DISPLAY: ':0' }
  const shell = resolveShell({ env, install: () => false })
  return shell.kind === 'electron' ? shell.executable : setUpTestRuntime(say)
}

function findChromium() {
  const { NEOGATE_TEST_CHROMIUM: given, PATH = '' } = process.env
  if (given) return existsSync(given) ? given : null
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const places = PATH.split(delimiter).flatMap(folder => names.map(name => join(folder, name)))
  return places.find(place => existsSync(place)) ?? null
}
