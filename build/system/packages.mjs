import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Shared libraries that Electron loads, by the Debian 12 package that holds them. */
export const ELECTRON_LIBRARIES = [
  'libasound2',
  'libatk-bridge2.0-0',
  'libatk1.0-0',
  'libatspi2.0-0',
  'libcairo2',
  'libcups2',
  'libdbus-1-3',
  'libdrm2',
  'libexpat1',
  'libgbm1',
  'libglib2.0-0',
  'libgtk-3-0',
  'libnspr4',
  'libnss3',
  'libpango-1.0-0',
  'libx11-6',
  'libxcb1',
  'libxcomposite1',
  'libxdamage1',
  'libxext6',
  'libxfixes3',
  'libxkbcommon0',
  'libxrandr2'
]

/** Packages of the list that dpkg does not know as installed. */
export function missingPackages(packages) {
  return packages.filter(name => {
    const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' })
    return status !== 0 || !stdout.startsWith('install ok')
  })
}

export function isDebian() {
  return process.platform === 'linux' && existsSync('/usr/bin/dpkg-query') && existsSync('/usr/bin/apt-get')
}

/**
 * Makes sure that Debian packages are there: installs them as root, else says exactly what to install.
 * @returns {boolean} true when all are there
 */
export function ensurePackages(packages, purpose, say) {
  if (!isDebian()) return true
  const missing = missingPackages(packages)
  if (missing.length === 0) return true
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (process.getuid?.() !== 0) {
    say(`${purpose} needs system packages that are not installed. Install them, then try again:`)
    say(`  sudo ${command}`)
    return false
  }
  say(`Installing what ${purpose} needs: ${missing.join(' ')}`)
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  }
  const install = () => spawnSync('apt-get', command.split(' ').slice(1), options).status === 0
  if (install()) return true
  spawnSync('apt-get', ['update'], options)
  if (install()) return true
  say(`apt-get could not install them. Run by hand, then try again: ${command}`)
  return false
}

/** Shared libraries that an executable asks for and this machine does not have; empty outside Linux. */
export function missingLibraries(executable) {
  if (process.platform !== 'linux') return []
  const { stdout, status } = spawnSync('ldd', [executable], { encoding: 'utf8' })
  if (status !== 0) return []
  return [...stdout.matchAll(/^\s*(\S+) => not found$/gm)].map(([, library]) => library)
}
