/**
 * What the Electron window's preload script puts on `window.neogate`; absent in a browser. Everything else goes through
 * the contract.
 */
export interface HostBridge {
  readonly host: 'electron'
  /**
   * Asks for a fresh MessagePort to the core. It arrives as a `message` event of the window whose `data` is
   * HOST_PORT_MESSAGE and whose `ports[0]` speaks the contract. Do not listen to the port's `close` event: that crashes
   * the page of Electron 25 on reload.
   */
  connect(): void
  /** The system's folder dialog; null when dismissed. */
  pickFolder(): Promise<string | null>
  /** The system's file dialog; extensions without a dot; null when dismissed. */
  pickFile(filter: FileFilter): Promise<string | null>
}

export interface FileFilter {
  name: string
  extensions: string[]
}

export const HOST_PORT_MESSAGE = 'neogate:port'
