import type { HostBridge } from '../../contract/host-bridge'

/** What the Electron host offers beside the contract; undefined in a browser. */
export function hostBridge(): HostBridge | undefined {
  return window.neogate
}
