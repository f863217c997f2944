import { computed, shallowRef } from 'vue'
import { chordOf, normaliseChord } from './chord'
import type { Chord } from './chord'

/** Where a binding holds; 'global' holds on every screen. */
export type KeyScope = 'global' | 'studies' | 'reading' | 'import'

export interface KeyBinding {
  /** One or more chords for the same action. */
  keys: Chord | Chord[]
  /** i18n key of what it does, shown in the key sheet. */
  description: string
  run: (event: KeyboardEvent) => void
  /** Holds while a text field has the focus too. */
  inFields?: boolean
  /** Fires again while the key is held down. */
  repeat?: boolean
}

export interface KeyConflict {
  chord: Chord
  scope: KeyScope
  descriptions: [string, string]
}

interface Registered extends KeyBinding {
  chords: Chord[]
  scope: KeyScope
}

const OWN_KEYS = '[role="dialog"],[role="alertdialog"],[role="listbox"],[role="menu"]'
const FIELDS =
  'input:not([type=checkbox],[type=radio],[type=range],[type=button]),textarea,select,[contenteditable=true]'
const PRESSABLE = 'button,a[href],summary,input,[role=button],[role=option],[role=tab]'

/** All key bindings that hold now. One per page: use `keyRegistry`; tests make their own. */
export function createKeyRegistry() {
  const bindings = shallowRef<Registered[]>([])

  /** Adds bindings until the returned function is called. A later binding wins over an earlier one of the same chord. */
  function register(scope: KeyScope, added: KeyBinding[]): () => void {
    const registered = added.map(binding => ({
      ...binding,
      scope,
      chords: [binding.keys].flat().map(normaliseChord)
    }))
    bindings.value = [...bindings.value, ...registered]
    return () => {
      bindings.value = bindings.value.filter(binding => !registered.includes(binding))
    }
  }

  /** Chords that two bindings claim at the same time: in one scope, or in a scope and globally. */
  const conflicts = computed<KeyConflict[]>(() => {
    const found: KeyConflict[] = []
    bindings.value.forEach((later, index) => {
      for (const earlier of bindings.value.slice(0, index)) {
        const together = earlier.scope === later.scope || [earlier.scope, later.scope].includes('global')
        const chord = together && later.chords.find(each => earlier.chords.includes(each))
        if (chord) {
          found.push({ chord, scope: later.scope, descriptions: [earlier.description, later.description] })
        }
      }
    })
    return found
  })

  /** Runs the binding for a key event, if there is one and the focused element does not need the key itself. */
  function handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return
    const chord = chordOf(event)
    if (chord === null) return
    const target = event.target instanceof Element ? event.target : null
    if (target?.closest(OWN_KEYS)) return
    if ((chord === 'Enter' || chord === 'Space') && target?.closest(PRESSABLE)) return
    const inField = target?.closest(FIELDS) != null
    const binding = bindings.value.findLast(
      each => each.chords.includes(chord) && (!inField || each.inFields) && (!event.repeat || each.repeat)
    )
    if (!binding) return
    event.preventDefault()
    binding.run(event)
  }

  return { bindings, conflicts, register, handle }
}

export type KeyRegistry = ReturnType<typeof createKeyRegistry>

export const keyRegistry = createKeyRegistry()
