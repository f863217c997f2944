import { computed, shallowRef } from 'vue'
import { ACTIONS, type ActionId, type ActionTable, type KeyAction } from './actions'
import { chordText, isChord, normaliseChord, type Chord } from './chord'

/** The chords of actions that a reader changed, by action id; an empty list leaves the action without a key. */
export type ChosenKeys = Record<string, Chord[]>

export interface ListedAction<Id extends string = string> extends KeyAction {
  id: Id
  scope: string
  chords: Chord[]
  /** The reader gave it other keys than the default. */
  changed: boolean
}

export interface KeyConflict<Id extends string = string> {
  chord: Chord
  actions: [Id, Id]
}

/** Which keys every action has now: its own, or those that the reader chose. */
export function createKeyMap<Id extends string>(table: ActionTable) {
  const chosen = shallowRef<ChosenKeys>({})

  /**
   * Takes what the settings hold. What this version cannot read (an action that has gone, a damaged chord) is passed over and stays
   * in the settings.
   */
  function choose(keys: ChosenKeys): void {
    chosen.value = keys
  }

  const actions = computed<ListedAction<Id>[]>(() =>
    Object.entries(table).flatMap(([scope, named]) =>
      Object.entries(named).map(([name, action]) => {
        const id = `${scope}.${name}` as Id
        const own = chosen.value[id]
        const chords = own ? own.filter(isChord) : [action.keys].flat()
        return { ...action, id, scope, chords: chords.map(normaliseChord), changed: own !== undefined }
      })
    )
  )
  const byId = computed(() => new Map(actions.value.map(action => [action.id, action])))

  function action(id: Id): ListedAction<Id> {
    const found = byId.value.get(id)
    if (!found) throw new RangeError(`No action "${id}"`)
    return found
  }

  /** What to choose for `id` to have `chords`: nothing where those are its defaults. */
  function chosenWith(id: Id, chords: Chord[], before: ChosenKeys = chosen.value): ChosenKeys {
    const defaults = [action(id).keys].flat().map(normaliseChord)
    const { [id]: _replaced, ...others } = before
    return chords.join(' ') === defaults.join(' ') ? others : { ...others, [id]: chords }
  }

  const together = (a: string, b: string) => a === b || a === 'global' || b === 'global'

  /** The actions other than `id` that have this chord where `id` has its keys. */
  function claimants(id: Id, chord: Chord): ListedAction<Id>[] {
    const { scope } = action(id)
    return actions.value.filter(
      each => each.id !== id && together(each.scope, scope) && each.chords.includes(chord)
    )
  }

  /** Chords that two actions claim at the same time: in one scope, or in a scope and globally. */
  const conflicts = computed<KeyConflict<Id>[]>(() =>
    actions.value.flatMap((later, index) =>
      actions.value
        .slice(0, index)
        .filter(earlier => together(earlier.scope, later.scope))
        .flatMap(earlier =>
          later.chords
            .filter(chord => earlier.chords.includes(chord))
            .map(chord => ({ chord, actions: [earlier.id, later.id] as [Id, Id] }))
        )
    )
  )

  return { actions, action, chosen, choose, chosenWith, claimants, conflicts }
}

export type KeyMap<Id extends string = ActionId> = ReturnType<typeof createKeyMap<Id>>

/** The one key map of the page. */
export const keyMap: KeyMap = createKeyMap<ActionId>(ACTIONS)

/** A tooltip that names the action's key: 'Invert (I)'; the text alone where it has none. */
export function withKey(text: string, id: ActionId): string {
  const [chord] = keyMap.action(id).chords
  return chord === undefined ? text : `${text} (${chordText(chord)})`
}
