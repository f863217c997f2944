/// <reference types="vite/client" />
import type { HostBridge } from '../contract/host-bridge'

declare global {
  interface Window {
    /** Present in the Electron window only. */
    readonly neogate?: HostBridge
  }
}
