import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { settings as settingsSchema, type Settings } from '../../contract'
import { fromSystemError, type Logger } from '../foundation'
import { writeFileAtomically } from './atomic-file'
import type { SettingsStore } from './core-context'

const SETTINGS_FILE = 'settings.json'

/**
 * Settings of this user, one JSON file. A field that is absent or makes no sense takes its default, so that a damaged or
 * newer file never keeps the app from starting; the damaged file is kept beside as settings.json.damaged.
 */
export async function openSettings(userFolder: string, logger: Logger): Promise<SettingsStore> {
  const file = join(userFolder, SETTINGS_FILE)
  let current = await read(file, logger)
  let writing: Promise<unknown> = Promise.resolve()

  async function write(change: Partial<Settings>): Promise<Settings> {
    await mkdir(userFolder, { recursive: true }).catch(error => {
      throw fromSystemError(error, userFolder)
    })
    // Another window or terminal may have written since.
    const next = settingsSchema.parse({ ...(await read(file, logger)), ...change })
    await writeFileAtomically(file, `${JSON.stringify(next, null, 2)}\n`)
    current = next
    return next
  }

  return {
    get: () => current,
    change(change) {
      const result = writing.then(() => write(change))
      writing = result.catch(() => {})
      return result
    }
  }
}

function defaults(): Settings {
  const language = process.env.LC_ALL ?? process.env.LC_MESSAGES ?? process.env.LANG ?? ''
  return {
    locale: language.toLowerCase().startsWith('ko') ? 'ko' : 'en',
    readerName: loginName(),
    provider: 'auto',
    autoAdvance: true,
    blindReading: false,
    showPace: false,
    keys: {},
    firstSteps: { dismissed: false, answerSeen: false },
    studies: { columns: null, rows: 'comfortable', closedFacets: [] },
    recentProjects: []
  }
}

function loginName(): string {
  try {
    return userInfo().username.trim().slice(0, 80) || 'reader'
  } catch {
    // A user without an entry in the system's user list, as in some containers.
    return 'reader'
  }
}

async function read(file: string, logger: Logger): Promise<Settings> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return defaults()
  let stored: Record<string, unknown> = {}
  let damaged = false
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      stored = parsed as Record<string, unknown>
    else damaged = true
  } catch {
    damaged = true
  }
  const result: Record<string, unknown> = defaults()
  for (const [name, schema] of Object.entries(settingsSchema.shape)) {
    if (!(name in stored)) continue
    const field = schema.safeParse(stored[name])
    if (field.success) result[name] = field.data
    else damaged = true
  }
  if (damaged) {
    logger.warn('The settings file is damaged; defaults stand in for what could not be read.')
    await copyFile(file, `${file}.damaged`).catch(() => {})
  }
  return result as Settings
}
