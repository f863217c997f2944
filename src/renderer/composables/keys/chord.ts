/**
 * A chord is written as in menus: modifiers in the order Ctrl, Alt, Shift, then the key, joined by '+': 'Ctrl+Shift+Z',
 * 'Shift+1', 'ArrowDown', 'Space', '/', '?'. On macOS the Command key counts as Ctrl.
 */
export type Chord = string

const MODIFIERS = ['Ctrl', 'Alt', 'Shift'] as const

/** Brings a written chord into the one form that chordOf makes. @throws RangeError where there is no key in it */
export function normaliseChord(written: string): Chord {
  const parts = written
    .trim()
    .split(/\+(?=.)/)
    .map(part => part.trim())
  const key = parts.pop()
  if (!key || (key.length > 1 && key.endsWith('+'))) throw new RangeError(`No key in the chord "${written}"`)
  const unknown = parts.find(part => !(MODIFIERS as readonly string[]).includes(part))
  if (unknown !== undefined) throw new RangeError(`Unknown modifier "${unknown}" in the chord "${written}"`)
  const name = key.length === 1 ? key.toUpperCase() : key
  return [...MODIFIERS.filter(modifier => parts.includes(modifier)), name].join('+')
}

/** True where normaliseChord takes it. */
export function isChord(written: string): boolean {
  try {
    return normaliseChord(written) !== ''
  } catch {
    return false
  }
}

/**
 * The chord that a key event stands for; null for a modifier alone. Letters are taken from the key's own letter where
 * it is Latin, else from its place on the keyboard, so that they work while a Korean input method is on; digits are
 * taken from the place, so that Shift+1 is not '!' and the number pad counts. Punctuation is what was typed, its Shift
 * left out ('?', not 'Shift+?').
 */
export function chordOf(event: KeyboardEvent): Chord | null {
  if (['Control', 'Shift', 'Alt', 'Meta', 'CapsLock'].includes(event.key)) return null
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1]
  const latin = /^[a-z]$/i.test(event.key) ? event.key : /^Key([A-Z])$/.exec(event.code)?.[1]
  const named = event.key === ' ' ? 'Space' : event.key
  const key = digit ?? latin?.toUpperCase() ?? named
  const punctuation = digit === undefined && latin === undefined && named.length === 1
  const held = [
    event.ctrlKey || event.metaKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey && !punctuation ? 'Shift' : ''
  ]
  return [...held.filter(Boolean), key].join('+')
}

const CAPS: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Escape: 'Esc'
}

/** What stands on the keys of a chord: ['Ctrl', '→']. */
export function chordCaps(chord: Chord): string[] {
  return chord.split(/\+(?=.)/).map(part => CAPS[part] ?? part)
}

/** A chord in a running text: 'Ctrl+→'. */
export function chordText(chord: Chord): string {
  return chordCaps(chord).join('+')
}
