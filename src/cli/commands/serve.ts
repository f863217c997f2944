import { resolve } from 'node:path'
import { UsageError, type Command, type CommandCall } from '../command'
import { EXIT } from '../exit-codes'
import type { Core } from '../../core/create-core'

/** The browser mode, given by the entry point: the hosts do not know each other. */
export type ServeLocalhost = (
  core: Core,
  port: number
) => Promise<{ port: number; freshAddress(): string; close(): Promise<void> }>

export function serveCommand(serveLocalhost: ServeLocalhost): Command {
  return {
    name: 'serve',
    summary: 'Serve the screens to a browser on this machine.',
    operands: '[PROJECT]',
    arity: [0, 1],
    options: {
      port: { type: 'string', help: 'PORT to listen on (default 0: a free one)' },
      demo: { type: 'boolean', help: 'open the demo project, made first if need be' }
    },
    notes: `Listens on 127.0.0.1 only. Prints an address with a one-time token; press Enter for a fresh one. From another
desk, forward the port: ssh -L PORT:127.0.0.1:PORT HOST. Stop with Ctrl+C.`,
    async run(call) {
      const port = parsePort(call.options.port)
      const { client, core } = await call.connect()
      const [folder] = call.positionals
      if (folder !== undefined) await client.project.open({ folder: resolve(folder) })
      else if (call.options.demo === true) await client.project.openDemo()
      const browserMode = await serveLocalhost(core, port).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error
        throw new UsageError(`--port ${port} is in use. Choose another, or leave it out for a free one.`)
      })
      try {
        const address = browserMode.freshAddress()
        call.output.result({ address, port: browserMode.port }, () => `NeoGate is at ${address}`)
        call.output.note(
          'Research use only. Not for diagnosis. Stop with Ctrl+C; Enter prints a fresh address.'
        )
        await untilStopped(call, browserMode.freshAddress)
      } finally {
        await browserMode.close()
      }
      return EXIT.done
    }
  }
}

function parsePort(option: CommandCall['options'][string]): number {
  const port = Number(option ?? 0)
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new UsageError(`--port takes a number from 0 to 65535, not '${String(option)}'.`)
  }
  return port
}

/** Ends with the signal; on a terminal every Enter prints a fresh address. */
function untilStopped(call: CommandCall, freshAddress: () => string): Promise<void> {
  return new Promise(resolveStopped => {
    const { stdin } = process
    const onData = () => call.output.note(`Fresh address: ${freshAddress()}`)
    if (stdin.isTTY) stdin.on('data', onData)
    const stop = () => {
      stdin.off('data', onData)
      stdin.pause()
      resolveStopped()
    }
    if (call.signal.aborted) stop()
    else call.signal.addEventListener('abort', stop, { once: true })
  })
}
