import { resolve } from 'node:path'
import { runCommandLine } from './cli'
import { forkChild, stderrLogger, userFolder } from './core/create-core'
import { serveLocalhost } from './localhost'

/** Entry of the `neogate` command: joins the terminal's host and the browser's, which do not know each other. */
async function main(): Promise<void> {
  const stop = new AbortController()
  const onSignal = () => {
    // A second Ctrl+C does not wait.
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  const root = resolve(__dirname, '..', '..')
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    core: {
      spawnChild: forkChild(resolve(__dirname, 'worker.cjs')),
      resourcesFolder: resolve(root, 'resources'),
      screensFolder: resolve(root, 'out', 'renderer'),
      userFolder: userFolder(),
      logger: stderrLogger
    },
    serveLocalhost,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: stop.signal
  })
}

void main()
