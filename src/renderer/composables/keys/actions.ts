import type { Chord } from './chord'

/** What a key can do. */
export interface KeyAction {
  /** Its default chord, or several; an empty list for an action that has no key until the reader gives it one. */
  keys: Chord | readonly Chord[]
  /** i18n key of what it does: in the key sheet, in Settings and in tooltips. */
  description: string
  /** Works while a text field has the focus too. */
  inFields?: boolean
  /** Fires again while the key is held down. */
  repeat?: boolean
}

export type ActionTable = Record<string, Record<string, KeyAction>>

/**
 * Every action that has a key, by the screen where it holds ('global': on every screen). To add a key, add its line here and say what
 * it does where the screen is: `useKeys('reading', { invert: () => viewport.invert() })`. The key sheet, Settings,
 * `<KeyHint action="reading.invert" />` and `withKey(text, 'reading.invert')` follow. Names stay what they are once they
 * have been released: readers' own keys are saved under them.
 */
export const ACTIONS = {
  reading: {
    'label-BPD': { keys: '1', description: 'diagnosis.BPD.name' },
    'label-ALS': { keys: '2', description: 'diagnosis.ALS.name' },
    'label-Atelectasis': { keys: '3', description: 'diagnosis.Atelectasis.name' },
    'label-Normal': { keys: '4', description: 'diagnosis.Normal.name' },
    'label-RDS': { keys: '5', description: 'diagnosis.RDS.name' },
    'label-TTN': { keys: '6', description: 'diagnosis.TTN.name' },
    accept: { keys: 'Enter', description: 'reading.keys.accept' },
    unsure: { keys: 'U', description: 'reading.keys.unsure' },
    comment: { keys: 'C', description: 'reading.keys.comment' },
    tags: { keys: 'T', description: 'tags.keys.open' },
    pace: { keys: 'Shift+P', description: 'reading.pace.key' },
    remove: { keys: 'Delete', description: 'measure.keys.remove' },
    context: { keys: 'G', description: 'reading.keys.context' },
    whatIf: { keys: 'W', description: 'explain.whatIf.key' },
    explain: { keys: 'E', description: 'explain.key' },
    suggestion: { keys: 'Alt+A', description: 'reading.keys.suggestion', inFields: true },
    blind: { keys: 'B', description: 'reading.blind.hint' },
    next: { keys: ['N', 'Ctrl+ArrowRight'], description: 'reading.next' },
    previous: { keys: ['P', 'Ctrl+ArrowLeft'], description: 'reading.previous' },
    nextInfant: { keys: 'Ctrl+ArrowDown', description: 'reading.nextInfant' },
    previousInfant: { keys: 'Ctrl+ArrowUp', description: 'reading.previousInfant' },
    prior: { keys: 'V', description: 'reading.prior.key' },
    layout: { keys: 'Shift+V', description: 'reading.hang.layoutKey' },
    pane: { keys: 'A', description: 'reading.hang.paneKey' },
    readPane: { keys: 'Shift+Enter', description: 'reading.hang.readKey' },
    'film-earlier': { keys: '[', description: 'reading.hang.earlierKey' },
    'film-later': { keys: ']', description: 'reading.hang.laterKey' },
    linkView: { keys: 'L', description: 'reading.hang.linkViewHint' },
    linkWindow: { keys: 'Shift+L', description: 'reading.hang.linkWindowHint' },
    flicker: { keys: 'Q', description: 'reading.flicker.hint' },
    flickerAutomatic: { keys: 'Shift+Q', description: 'reading.flicker.automaticHint' },
    flickerSlower: { keys: ',', description: 'reading.flicker.slower' },
    flickerFaster: { keys: '.', description: 'reading.flicker.faster' },
    align: { keys: 'D', description: 'reading.align.hint' },
    alignTurnLeft: { keys: 'Shift+E', description: 'reading.align.turnLeft', repeat: true },
    alignTurnRight: { keys: 'Shift+R', description: 'reading.align.turnRight', repeat: true },
    'window-full': { keys: 'Shift+1', description: 'reading.preset.full.hint' },
    'window-auto': { keys: ['Shift+2', '0'], description: 'reading.preset.auto.hint' },
    'window-lung': { keys: 'Shift+3', description: 'reading.preset.lung.hint' },
    'window-lines': { keys: 'Shift+4', description: 'reading.preset.lines.hint' },
    'window-pneumothorax': { keys: 'Shift+5', description: 'reading.preset.pneumothorax.hint' },
    'window-as-sent': { keys: 'Shift+6', description: 'reading.preset.as-sent.hint' },
    invert: { keys: 'I', description: 'reading.tools.invert' },
    flip: { keys: 'H', description: 'reading.tools.flip' },
    rotate: { keys: 'R', description: 'reading.tools.rotateHint' },
    fit: { keys: 'F', description: 'reading.tools.fitHint' },
    oneToOne: { keys: 'X', description: 'reading.tools.oneToOneHint' },
    measure: { keys: 'M', description: 'measure.keys.cycle' },
    nextHandle: { keys: 'J', description: 'measure.keys.next' },
    magnifier: { keys: 'Z', description: 'measure.keys.magnifier' },
    lungs: { keys: 'K', description: 'lungs.hint' },
    nearest: { keys: 'Y', description: 'reading.tools.nearestHint' },
    overlay: { keys: 'O', description: 'reading.tools.overlayHint' },
    zoomIn: { keys: ['+', '='], description: 'reading.keys.zoomIn', repeat: true },
    zoomOut: { keys: '-', description: 'reading.keys.zoomOut', repeat: true },
    'pan-left': { keys: 'ArrowLeft', description: 'reading.keys.panLeft', repeat: true },
    'pan-right': { keys: 'ArrowRight', description: 'reading.keys.panRight', repeat: true },
    'pan-up': { keys: 'ArrowUp', description: 'reading.keys.panUp', repeat: true },
    'pan-down': { keys: 'ArrowDown', description: 'reading.keys.panDown', repeat: true },
    'nudge-left': { keys: 'Shift+ArrowLeft', description: 'measure.keys.nudgeLeft', repeat: true },
    'nudge-right': { keys: 'Shift+ArrowRight', description: 'measure.keys.nudgeRight', repeat: true },
    'nudge-up': { keys: 'Shift+ArrowUp', description: 'measure.keys.nudgeUp', repeat: true },
    'nudge-down': { keys: 'Shift+ArrowDown', description: 'measure.keys.nudgeDown', repeat: true },
    bare: { keys: 'Space', description: 'reading.keys.bare' },
    reset: { keys: 'Escape', description: 'reading.keys.reset' }
  },
  explain: {
    back: { keys: ['E', 'Escape'], description: 'explain.back' }
  },
  studies: {
    search: { keys: '/', description: 'studies.keys.search' },
    next: { keys: 'ArrowDown', description: 'studies.keys.next', repeat: true },
    previous: { keys: 'ArrowUp', description: 'studies.keys.previous', repeat: true },
    pageDown: { keys: 'PageDown', description: 'studies.keys.pageDown', repeat: true },
    pageUp: { keys: 'PageUp', description: 'studies.keys.pageUp', repeat: true },
    first: { keys: 'Home', description: 'studies.keys.first' },
    last: { keys: 'End', description: 'studies.keys.last' },
    open: { keys: 'Enter', description: 'studies.keys.open' },
    toggle: { keys: 'Space', description: 'studies.keys.toggle' },
    extendNext: { keys: 'Shift+ArrowDown', description: 'studies.keys.extendNext', repeat: true },
    extendPrevious: { keys: 'Shift+ArrowUp', description: 'studies.keys.extendPrevious', repeat: true },
    extendFirst: { keys: 'Shift+Home', description: 'studies.keys.extendFirst' },
    extendLast: { keys: 'Shift+End', description: 'studies.keys.extendLast' },
    all: { keys: 'Ctrl+A', description: 'studies.keys.all' },
    none: { keys: 'Escape', description: 'studies.keys.none' },
    bulk: { keys: 'B', description: 'studies.keys.bulk' },
    filters: { keys: 'F', description: 'studies.keys.filters' },
    headings: { keys: 'H', description: 'studies.keys.headings' },
    views: { keys: 'V', description: 'studies.keys.views' },
    columns: { keys: 'K', description: 'studies.keys.columns' },
    copyLink: { keys: 'L', description: 'studies.keys.copyLink' },
    exportTable: { keys: 'X', description: 'studies.keys.exportTable' }
  },
  global: {
    sheet: { keys: '?', description: 'keys.sheet' },
    undo: { keys: 'Ctrl+Z', description: 'keys.undo' },
    redo: { keys: 'Ctrl+Shift+Z', description: 'keys.redo' },
    cancelChange: { keys: 'Ctrl+.', description: 'keys.cancelChange' }
  }
} as const satisfies ActionTable

/** Where an action's key holds. */
export type KeyScope = keyof typeof ACTIONS
export type ActionName<Scope extends KeyScope> = keyof (typeof ACTIONS)[Scope] & string
/** 'reading.invert' */
export type ActionId = { [Scope in KeyScope]: `${Scope}.${ActionName<Scope>}` }[KeyScope]

/** The screens in the order in which keys are listed. */
export const KEY_SCOPES = Object.keys(ACTIONS) as KeyScope[]
