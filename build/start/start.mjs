import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { ensureCompiled } from '../compile/compile.mjs'
import { ELECTRON_LIBRARIES, ensurePackages, missingLibraries } from '../system/packages.mjs'
import { resolveShell } from './resolve-shell.mjs'

const root = resolve(import.meta.dirname, '..', '..')
const say = line => process.stderr.write(`neogate: ${line}\n`)

/** `npm start`: builds if need be, picks the shell, says which, and shows the screens. Arguments go to the shell. */
function start(args) {
  if (!ensureCompiled(line => process.stderr.write(`${line}\n`))) {
    say('the build failed; see above.')
    process.exit(1)
  }
  const shell = usableShell()
  if (shell.kind === 'browser') {
    say(`starting the browser mode: ${shell.reason}.`)
    run(process.execPath, [join(root, 'bin', 'neogate.mjs'), 'serve', ...args])
    return
  }
  say(`starting the window in ${shell.from}.`)
  const flags = []
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    say('running as root: Chromium’s sandbox is off. Start as a normal user for real work.')
    flags.push('--no-sandbox')
  }
  run(shell.executable, [...flags, root, ...args])
}

function usableShell() {
  const shell = resolveShell({ say })
  if (shell.kind !== 'electron' || missingLibraries(shell.executable).length === 0) return shell
  ensurePackages(ELECTRON_LIBRARIES, 'the window', say)
  const missing = missingLibraries(shell.executable)
  if (missing.length === 0) return shell
  return { kind: 'browser', reason: `Electron lacks system libraries here (${missing.join(', ')})` }
}

function run(executable, args) {
  const child = spawn(executable, args, { stdio: 'inherit', cwd: root })
  // Ctrl+C reaches the child by itself; it decides when to end.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('error', error => {
    say(`could not start ${executable}: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

start(process.argv.slice(2))
