import { keyMap, type ActionId, type Chord, type ChosenKeys } from '../../composables/keys'
import { useSession } from '../../stores/session'

/** Changes of the reader's keys; each is saved at once and holds at once. */
export function useKeySettings() {
  const session = useSession()
  const save = (keys: ChosenKeys) => session.change({ keys })

  /** Gives an action these chords, and takes `taken` away from every other action that has it there. */
  function setKeys(id: ActionId, chords: Chord[], taken?: Chord): Promise<void> {
    const others = taken === undefined ? [] : keyMap.claimants(id, taken)
    const freed = others.reduce(
      (keys, other) =>
        keyMap.chosenWith(
          other.id,
          other.chords.filter(chord => chord !== taken),
          keys
        ),
      keyMap.chosen.value
    )
    return save(keyMap.chosenWith(id, chords, freed))
  }

  function resetKeys(id: ActionId): Promise<void> {
    const { [id]: _own, ...others } = keyMap.chosen.value
    return save(others)
  }

  return { save, setKeys, resetKeys }
}
