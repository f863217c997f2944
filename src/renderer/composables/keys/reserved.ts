import type { Chord } from './chord'

/** Chords that never reach the page, or that moving about by keyboard depends on. */
const REFUSED: readonly Chord[] = [
  ...['Tab', 'Shift+Tab', 'Ctrl+Tab', 'Ctrl+Shift+Tab', 'Alt+Tab', 'Alt+Shift+Tab', 'ContextMenu'],
  ...['Ctrl+N', 'Ctrl+T', 'Ctrl+W', 'Ctrl+Shift+N', 'Ctrl+Shift+T', 'Ctrl+Shift+W', 'Ctrl+Q', 'Ctrl+Shift+Q'],
  ...['Alt+F4', 'Ctrl+Alt+Delete', 'Ctrl+Shift+Escape', 'Ctrl+Escape', 'Alt+Escape', 'PrintScreen', 'F12'],
  ...['Process', 'Unidentified', 'Dead', 'HangulMode', 'HanjaMode', 'KanaMode']
]

/** Chords that a browser or the system uses itself: they can be taken, at the price of what they did. */
const USED_ELSEWHERE: readonly Chord[] = [
  ...[
    'F1',
    'F3',
    'F5',
    'F6',
    'F7',
    'F10',
    'F11',
    'Shift+F10',
    'Ctrl+F5',
    'Alt+ArrowLeft',
    'Alt+ArrowRight',
    'Alt+Home'
  ],
  ...[
    'Ctrl+A',
    'Ctrl+C',
    'Ctrl+V',
    'Ctrl+X',
    'Ctrl+F',
    'Ctrl+G',
    'Ctrl+H',
    'Ctrl+J',
    'Ctrl+K',
    'Ctrl+L',
    'Ctrl+O',
    'Ctrl+P'
  ],
  ...[
    'Ctrl+R',
    'Ctrl+Shift+R',
    'Ctrl+S',
    'Ctrl+U',
    'Ctrl+D',
    'Ctrl+E',
    'Ctrl+Shift+I',
    'Ctrl+Shift+J',
    'Ctrl+Shift+C'
  ],
  ...[
    'Ctrl++',
    'Ctrl+=',
    'Ctrl+-',
    'Ctrl+0',
    'Ctrl+1',
    'Ctrl+2',
    'Ctrl+3',
    'Ctrl+4',
    'Ctrl+5',
    'Ctrl+6',
    'Ctrl+7',
    'Ctrl+8',
    'Ctrl+9'
  ]
]

/** Whether an action may have this chord: not at all, with a warning, or freely. */
export function judgeChord(chord: Chord): 'refused' | 'warned' | 'free' {
  if (REFUSED.includes(chord)) return 'refused'
  return USED_ELSEWHERE.includes(chord) ? 'warned' : 'free'
}
