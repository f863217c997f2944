import { utilityProcess } from 'electron'
import type { SpawnChild } from '../core/create-core'

/**
 * Children as Electron utility processes. Their exit code says nothing (Electron 25 reports 0 after a SIGSEGV); the pool
 * counts a call as done only when its result came.
 */
export function spawnUtilityChild(entry: string): SpawnChild {
  return role => {
    const child = utilityProcess.fork(entry, [role], {
      serviceName: `NeoGate ${role} worker`,
      stdio: 'inherit'
    })
    return {
      send: message => child.postMessage(message),
      onMessage: listener => void child.on('message', listener),
      onExit: listener => void child.on('exit', () => listener()),
      kill: () => void child.kill()
    }
  }
}
