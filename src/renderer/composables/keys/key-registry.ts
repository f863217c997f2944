import { shallowRef } from 'vue'
import type { ActionId } from './actions'
import { chordOf } from './chord'
import { keyMap, type KeyMap } from './key-map'

export type KeyHandler = (event: KeyboardEvent) => void

interface Held<Id extends string> {
  id: Id
  run: KeyHandler
}

const OWN_KEYS = '[role="dialog"],[role="alertdialog"],[role="listbox"],[role="menu"]'
const FIELDS =
  'input:not([type=checkbox],[type=radio],[type=range],[type=button]),textarea,select,[contenteditable=true]'
const PRESSABLE = 'button,a[href],summary,input,[role=button],[role=option],[role=tab]'

/** What is done on the screens that are open, called by the keys of `map`. One per page: use `keyRegistry`. */
export function createKeyRegistry<Id extends string>(map: KeyMap<Id>) {
  const held = shallowRef<Held<Id>[]>([])

  /** Lets actions be called until the returned function is. A later handler wins over an earlier one of the same chord. */
  function register(handlers: [id: Id, run: KeyHandler][]): () => void {
    const added = handlers.map(([id, run]) => ({ id, run }))
    held.value = [...held.value, ...added]
    return () => {
      held.value = held.value.filter(each => !added.includes(each))
    }
  }

  /** Runs the action of a key event, if there is one and the focused element does not need the key itself. */
  function handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return
    const chord = chordOf(event)
    if (chord === null) return
    const target = event.target instanceof Element ? event.target : null
    if (target?.closest(OWN_KEYS)) return
    if ((chord === 'Enter' || chord === 'Space') && target?.closest(PRESSABLE)) return
    const inField = target?.closest(FIELDS) != null
    const called = held.value.findLast(({ id }) => {
      const action = map.action(id)
      return (
        action.chords.includes(chord) && (!inField || action.inFields) && (!event.repeat || action.repeat)
      )
    })
    if (!called) return
    event.preventDefault()
    called.run(event)
  }

  return { held, register, handle }
}

export type KeyRegistry<Id extends string = ActionId> = ReturnType<typeof createKeyRegistry<Id>>

export const keyRegistry: KeyRegistry = createKeyRegistry(keyMap)
