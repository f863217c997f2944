import type { Readable } from 'node:stream'
import { utilityProcess } from 'electron'
import { lastWordsOf, type SpawnChild } from '../core/create-core'

/**
 * Children as Electron utility processes. Their exit code says nothing (Electron 25 reports 0 after a SIGSEGV); the pool
 * counts a call as done only when its result came.
 */
export function spawnUtilityChild(entry: string): SpawnChild {
  return role => {
    const child = utilityProcess.fork(entry, [role], {
      serviceName: `NeoGate ${role} worker`,
      stdio: 'pipe'
    })
    const lastWords = lastWordsOf(child.stdout as Readable | null, child.stderr as Readable | null)
    let stopped = false
    child.on('exit', code => {
      if (!stopped && code !== 0) process.stderr.write(lastWords())
    })
    return {
      send: message => child.postMessage(message),
      onMessage: listener => void child.on('message', listener),
      onExit: listener => void child.on('exit', () => listener()),
      kill: () => {
        stopped = true
        child.kill()
      }
    }
  }
}
