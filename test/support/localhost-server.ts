import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { built } from './built'

export interface RunningServer {
  port: number
  /** http://127.0.0.1:PORT */
  origin: string
  /** The printed address, with its one-time token still unspent. */
  address: string
  /** Spends the token. @returns the Cookie header of the session */
  enter(): Promise<string>
  /** Asks for a graceful end. @returns the exit code */
  close(): Promise<number | null>
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
}

/** Starts `neogate serve` from the build, as a process of its own. */
export async function startServer(userFolder: string, args: string[] = []): Promise<RunningServer> {
  const child = spawn(process.execPath, [built('main/server.cjs'), 'serve', '--json', ...args], {
    env: { ...process.env, NEOGATE_USER_FOLDER: userFolder },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let errors = ''
  child.stderr.on('data', part => (errors += String(part)))
  const { address, port } = await new Promise<{ address: string; port: number }>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', part => {
      text += String(part)
      if (!text.endsWith('}\n')) return
      const answer = JSON.parse(text) as { address: string; port: number } | { error: object }
      if ('error' in answer) reject(new Error(text))
      else resolve(answer)
    })
    child.once('exit', code => reject(new Error(`serve ended with ${code}: ${errors}`)))
  })
  const origin = `http://127.0.0.1:${port}`
  return {
    port,
    origin,
    address,
    async enter() {
      const response = await fetch(address, { redirect: 'manual' })
      const cookie = response.headers.get('set-cookie')
      if (!cookie) throw new Error(`No cookie: ${response.status} ${await response.text()}`)
      return cookie.split(';')[0]!
    },
    async close() {
      if (child.exitCode !== null) return child.exitCode
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      const [code] = (await exited) as [number | null]
      return code
    },
    async kill() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    }
  }
}
