import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { Page } from 'playwright-core'
import { startElectron } from '../../support/electron-app'
import type { StartHost, TestHost } from './host'

type Listener = (event: { data: unknown }) => void

/** Over a MessagePort of the window: the page only passes messages on to the client in this process. */
export const startElectronHost: StartHost = async userFolder => {
  const electron = await startElectron(userFolder)
  const { page } = electron
  const link = new RPCLink({ port: (await relayedPort(page)) as unknown as MessagePort })
  return {
    kind: 'electron',
    client: createORPCClient(link) as TestHost['client'],
    async get(path) {
      const { base64, ...answer } = await page.evaluate(async url => {
        const response = await fetch(url)
        const bytes = new Uint8Array(await response.arrayBuffer())
        let text = ''
        for (const byte of bytes) text += String.fromCharCode(byte)
        const contentType = response.headers.get('content-type') ?? ''
        return { status: response.status, contentType, base64: btoa(text) }
      }, path)
      return { ...answer, body: Buffer.from(base64, 'base64') }
    },
    close: electron.close
  }
}

async function relayedPort(page: Page) {
  const listeners = new Set<Listener>()
  await page.exposeFunction('fromCore', (data: unknown) => {
    for (const listener of listeners) listener({ data })
  })
  await page.evaluate(
    () =>
      new Promise<void>(resolve => {
        const scope = window as unknown as {
          neogate: { connect(): void }
          fromCore(data: unknown): void
          relayed: MessagePort
        }
        window.addEventListener('message', function take({ data, ports: [port] }) {
          if (data !== 'neogate:port' || !port) return
          window.removeEventListener('message', take)
          port.onmessage = event => scope.fromCore(event.data)
          scope.relayed = port
          resolve()
        })
        scope.neogate.connect()
      })
  )
  return {
    addEventListener: (type: string, listener: Listener) => {
      if (type === 'message') listeners.add(listener)
    },
    postMessage: (message: unknown) =>
      void page.evaluate(
        data => (window as unknown as { relayed: MessagePort }).relayed.postMessage(data),
        message
      )
  }
}
