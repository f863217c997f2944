import { spawn } from 'node:child_process'
import { built } from './built'

export interface CommandResult {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs the built `neogate` command to its end. */
export function runNeogate(args: string[], userFolder: string): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [built('main/server.cjs'), ...args], {
      env: { ...process.env, NEOGATE_USER_FOLDER: userFolder },
      stdio: ['ignore', 'pipe', 'pipe']
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', part => (stdout += String(part)))
    child.stderr.on('data', part => (stderr += String(part)))
    child.on('error', reject)
    child.on('close', code => resolve({ code, stdout, stderr }))
  })
}
