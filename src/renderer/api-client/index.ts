import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { ref, readonly } from 'vue'
import type { Contract } from '../../contract'
import { hostBridge } from './host'
import { messagePortLink, reconnectingLink } from './links'
import type { ConnectionState, Link } from './links'

export { isAborted, toProblem } from './problem'
export type { Problem } from './problem'
export { resourceUrl } from './resources'
export { fetchFilmPixels } from './film-pixels'
export { hostBridge } from './host'
export type { ConnectionState } from './links'

export type Api = ContractRouterClient<Contract>

const state = ref<ConnectionState>('connecting')
/** Whether the host can be reached; always open in Electron. */
export const connection = readonly(state)

function link(): Link {
  const bridge = hostBridge()
  if (bridge) {
    state.value = 'open'
    return messagePortLink(bridge)
  }
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
  return reconnectingLink(`${scheme}://${window.location.host}/rpc`, next => (state.value = next))
}

let client: Api | undefined

/** Every call to the core, typed by the contract. Only stores import this. */
export const api: Api = new Proxy({} as Api, {
  get: (_, area) => Reflect.get((client ??= createORPCClient<Api>(link())), area)
})
