import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../../../src/contract'

export interface ResourceAnswer {
  status: number
  contentType: string
  body: Uint8Array
}

/** One way to the core, as the contract suite uses it. */
export interface TestHost {
  /** What app.info calls it. */
  kind: 'cli' | 'localhost' | 'electron'
  client: ContractRouterClient<Contract>
  get(path: string): Promise<ResourceAnswer>
  close(): Promise<void>
}

/** Starts a host whose settings live in `userFolder`. */
export type StartHost = (userFolder: string) => Promise<TestHost>
