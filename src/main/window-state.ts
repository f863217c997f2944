import { screen, type BrowserWindow, type Rectangle } from 'electron'
import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const windowState = z.object({
  bounds: z.object({
    x: z.int().optional(),
    y: z.int().optional(),
    width: z.int().positive(),
    height: z.int().positive()
  }),
  maximised: z.boolean()
})
type WindowState = z.infer<typeof windowState>

const FIRST: WindowState = { bounds: { width: 1600, height: 1000 }, maximised: false }

/** Where the window was last; the default where that is unknown, unreadable or on a display that has gone. */
export async function lastWindowState(folder: string): Promise<WindowState> {
  try {
    const state = windowState.parse(JSON.parse(await readFile(stateFile(folder), 'utf8')))
    const { x, y } = state.bounds
    const visible = x !== undefined && y !== undefined && isOnADisplay({ ...state.bounds, x, y })
    return visible ? state : { ...FIRST, maximised: state.maximised }
  } catch {
    return FIRST
  }
}

/** Saves the place of the window when it closes. */
export function keepWindowState(window: BrowserWindow, folder: string): void {
  window.on('close', () => {
    const state: WindowState = { bounds: window.getNormalBounds(), maximised: window.isMaximized() }
    try {
      mkdirSync(folder, { recursive: true })
      writeFileSync(stateFile(folder), JSON.stringify(state))
    } catch {
      // A window that opens at its default place next time is no reason to keep this one from closing.
    }
  })
}

function stateFile(folder: string): string {
  return join(folder, 'window-state.json')
}

/** At least its title bar's middle must be reachable. */
function isOnADisplay({ x, y, width }: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const middle = x + width / 2
    return (
      middle >= workArea.x &&
      middle <= workArea.x + workArea.width &&
      y >= workArea.y &&
      y <= workArea.y + workArea.height
    )
  })
}
