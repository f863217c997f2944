import { Menu, type MenuItemConstructorOptions } from 'electron'

/**
 * The standard accelerators (quit, close, zoom, full screen, copy and paste); the bar itself is hidden outside macOS.
 * Undo and redo belong to the screens, which take back labels and corrections, not keystrokes.
 */
export function installMenu(): void {
  const mac = process.platform === 'darwin'
  const edit: MenuItemConstructorOptions[] = [
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' }
  ]
  const view: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { role: 'toggleDevTools' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' }
  ]
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(mac ? [{ role: 'appMenu' } as const] : []),
      { role: 'fileMenu' },
      { role: 'editMenu', submenu: edit },
      { role: 'viewMenu', submenu: view },
      { role: 'windowMenu' }
    ])
  )
}
