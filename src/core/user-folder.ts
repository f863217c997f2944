import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where settings and the demo project live, the same for window, browser and terminal. NEOGATE_USER_FOLDER overrides. */
export function userFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir()
): string {
  if (env.NEOGATE_USER_FOLDER) return resolve(env.NEOGATE_USER_FOLDER)
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'NeoGate')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'NeoGate')
  return join(env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'neogate')
}
