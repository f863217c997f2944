import { RPCLink as MessagePortLink } from '@orpc/client/message-port'
import { RPCLink as WebSocketLink } from '@orpc/client/websocket'
import { HOST_PORT_MESSAGE } from '../../contract/host-bridge'
import type { HostBridge } from '../../contract/host-bridge'
import type { ClientContext, ClientLink } from '@orpc/client'

export type Link = ClientLink<ClientContext>

/** A link over the MessagePort that the Electron host hands to this window. */
export function messagePortLink(bridge: HostBridge): Link {
  const link = new Promise<Link>(resolve => {
    window.addEventListener('message', function take(event) {
      const [port] = event.ports
      if (event.source !== window || event.data !== HOST_PORT_MESSAGE || !port) return
      window.removeEventListener('message', take)
      resolve(new MessagePortLink({ port: withoutCloseListener(port) }))
      port.start()
    })
  })
  bridge.connect()
  return {
    call: async (path, input, options) => (await link).call(path, input, options)
  }
}

/**
 * Electron 25 crashes on reload where a page listens for `close` on a MessagePort, as the library does. The port lives
 * as long as the page, so nothing is lost by not listening.
 */
function withoutCloseListener(port: MessagePort): Pick<MessagePort, 'addEventListener' | 'postMessage'> {
  return {
    postMessage: port.postMessage.bind(port) as MessagePort['postMessage'],
    addEventListener: (type: string, listener: EventListenerOrEventListenerObject) => {
      if (type !== 'close') port.addEventListener(type, listener)
    }
  }
}

export type ConnectionState = 'connecting' | 'open' | 'lost'

const RETRY_MS = [250, 500, 1000, 2000, 4000]

/**
 * A link over a WebSocket that is opened again when it is lost. Calls under way when it is lost fail with
 * CONNECTION_LOST; later calls wait for the next connection.
 */
export function reconnectingLink(url: string, onState: (state: ConnectionState) => void): Link {
  let open = openLink()

  function openLink(attempt = 0): Promise<{ link: Link; socket: WebSocket }> {
    onState(attempt === 0 ? 'connecting' : 'lost')
    return new Promise(resolve => {
      const socket = new WebSocket(url)
      const link = new WebSocketLink({ websocket: socket })
      let opened = false
      socket.addEventListener('open', () => {
        opened = true
        onState('open')
        resolve({ link, socket })
      })
      socket.addEventListener('close', () => {
        if (opened) {
          open = openLink(1)
          return
        }
        const wait = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]
        setTimeout(() => void openLink(attempt + 1).then(resolve), wait)
      })
    })
  }

  return {
    call: async (path, input, options) => {
      const { link, socket } = await open
      try {
        return await link.call(path, input, options)
      } catch (error) {
        if (socket.readyState !== WebSocket.OPEN) throw new ConnectionLostError()
        throw error
      }
    }
  }
}

/** The host went away while a call was under way; whether the call took effect is not known. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError'
  constructor() {
    super('The connection to NeoGate was lost')
  }
}
