import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { useSession } from './session'

/** What a reader must not be told of a film. */
export interface Hides {
  /** What the model says: class, probabilities, activation, explanations. */
  model: boolean
  /** Labels, comments and history of other readers and of imports. */
  others: boolean
  /** The reader's own earlier answer, as where a film is read a second time to see how steady a reader is. */
  own: boolean
  /** GA, BW and sex. */
  context: boolean
}

const NOTHING: Hides = { model: false, others: false, own: false, context: false }
/** What the reader's own switch hides: GA and BW stay, since they are read with the film. */
const CHOSEN: Hides = { ...NOTHING, model: true, others: true }

/**
 * Blinded reading. The reader may switch it on and off at will; a protocol may impose it until the reading of the film is
 * committed. The stores show nothing that is hidden here, so that no panel can leak it.
 */
export const useBlinding = defineStore('blinding', () => {
  const session = useSession()
  const imposed = shallowRef<Hides | null>(null)
  const revealed = ref(false)

  const chosen = computed(() => session.settings?.blindReading ?? false)
  /** A protocol rules: the reader's switch does nothing. */
  const locked = computed(() => imposed.value !== null)
  const hides = computed<Hides>(() => {
    if (revealed.value) return NOTHING
    if (imposed.value) return imposed.value
    return chosen.value ? CHOSEN : NOTHING
  })
  /**
   * What is hidden on every screen but the Reading room: other films than the one that was committed are still to be read, so that
   * nothing is revealed there before the reading is over.
   */
  const elsewhere = computed<Hides>(() => imposed.value ?? (chosen.value ? CHOSEN : NOTHING))
  const active = computed(() => Object.values(hides.value).some(Boolean))

  function toggle(): void {
    if (!locked.value) void session.change({ blindReading: !chosen.value })
  }

  /** From now on, on this film and every next one, until `lift`. */
  function impose(what: Partial<Hides>): void {
    revealed.value = false
    imposed.value = { ...NOTHING, ...what }
  }

  /** The reading of the film on screen is committed: everything is shown of it. The next film is hidden again. */
  function reveal(): void {
    revealed.value = true
  }

  /** The protocol is over. */
  function lift(): void {
    revealed.value = false
    imposed.value = null
  }

  /** Another film comes; the reading store calls this before it does. */
  function enterFilm(): void {
    revealed.value = false
  }

  return { hides, elsewhere, active, chosen, locked, toggle, impose, reveal, lift, enterFilm }
})
