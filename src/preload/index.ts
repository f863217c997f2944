import { contextBridge, ipcRenderer } from 'electron'
import { HOST_PORT_MESSAGE, type FileFilter, type HostBridge } from '../contract/host-bridge'

/** The whole of what a page may ask the window for; src/main/bridge.ts answers these channels and no others. */
const bridge: HostBridge = {
  host: 'electron',
  connect: () => ipcRenderer.send('neogate:connect'),
  pickFolder: () => ipcRenderer.invoke('neogate:pick-folder') as Promise<string | null>,
  pickFile: (filter: FileFilter) => ipcRenderer.invoke('neogate:pick-file', filter) as Promise<string | null>
}

contextBridge.exposeInMainWorld('neogate', bridge)

// A port cannot cross the context bridge, but it can travel with a message of the window to itself.
ipcRenderer.on(HOST_PORT_MESSAGE, event => {
  window.postMessage(HOST_PORT_MESSAGE, window.location.origin, event.ports)
})
