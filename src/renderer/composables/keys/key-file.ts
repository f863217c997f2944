import { isChord, normaliseChord } from './chord'
import type { ChosenKeys, ListedAction } from './key-map'

const KIND = 'neogate-keys'
const MOST_CHORDS = 4

/** Every action with its keys now, as the text of a JSON file that readKeyFile takes. */
export function writeKeyFile(actions: readonly ListedAction[]): string {
  const keys = Object.fromEntries(actions.map(({ id, chords }) => [id, chords]))
  return `${JSON.stringify({ kind: KIND, keys }, null, 2)}\n`
}

export type KeyFileProblem =
  { reason: 'not-json' | 'not-keys' } | { reason: 'bad-keys'; action: string; chord: string }

export type KeyFile =
  | { problem: KeyFileProblem }
  /** `unknown`: actions that this version does not have. */
  | { keys: ChosenKeys; unknown: string[] }

/** Reads a whole file or nothing of it. Keys that are the defaults are left out of what was chosen. */
export function readKeyFile(text: string, actions: readonly ListedAction[]): KeyFile {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return { problem: { reason: 'not-json' } }
  }
  const { kind, keys: named } = (read ?? {}) as { kind?: unknown; keys?: unknown }
  if (kind !== KIND || typeof named !== 'object' || named === null) {
    return { problem: { reason: 'not-keys' } }
  }
  const byId = new Map(actions.map(action => [action.id, action]))
  const keys: ChosenKeys = {}
  const unknown: string[] = []
  for (const [id, chords] of Object.entries(named)) {
    const action = byId.get(id)
    if (!action) {
      unknown.push(id)
      continue
    }
    if (!Array.isArray(chords) || chords.length > MOST_CHORDS)
      return { problem: { reason: 'bad-keys', action: id, chord: JSON.stringify(chords).slice(0, 80) } }
    const bad: unknown = chords.find(chord => typeof chord !== 'string' || !isChord(chord))
    if (bad !== undefined) {
      return { problem: { reason: 'bad-keys', action: id, chord: String(bad).slice(0, 80) } }
    }
    const normalised = (chords as string[]).map(normaliseChord)
    if (normalised.join(' ') !== [action.keys].flat().map(normaliseChord).join(' ')) keys[id] = normalised
  }
  return { keys, unknown }
}
