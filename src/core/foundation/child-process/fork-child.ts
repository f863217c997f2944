import { fork } from 'node:child_process'
import { lastWordsOf } from './last-words'
import type { FromChild, SpawnChild } from './protocol'

/**
 * Children by child_process.fork, for the hosts that run in plain Node.
 * @param entry the built worker, or its TypeScript source together with `execArgv: ['--import', 'tsx']`
 */
export function forkChild(entry: string, execArgv: string[] = []): SpawnChild {
  return role => {
    const child = fork(entry, [role], {
      serialization: 'advanced',
      execArgv,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc']
    })
    const lastWords = lastWordsOf(child.stdout, child.stderr)
    child.on('exit', code => {
      if (!child.killed && code !== 0) process.stderr.write(lastWords())
    })
    return {
      send: message => void child.send(message, () => {}),
      onMessage: listener => void child.on('message', message => listener(message as FromChild)),
      onExit: listener => {
        child.on('exit', listener)
        child.on('error', listener)
      },
      kill: () => void child.kill('SIGKILL')
    }
  }
}
