import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { BlindTo } from '../../contract'
import { joinHides, NOTHING, type Hides } from './hides'
import { useSession } from './session'

export type { Hides }

/** What the reader's own switch hides: GA and BW stay, since they are read with the film. */
const CHOSEN: Hides = { ...NOTHING, model: true, others: true }

/**
 * Blinded reading. The reader may switch it on and off at will in this window; the stores show nothing then that is hidden here, so
 * that no panel can leak it. What a protocol hides the core leaves out of its answers: here it is known so that panels can say so.
 */
export const useBlinding = defineStore('blinding', () => {
  const session = useSession()
  const imposed = shallowRef<Hides | null>(null)
  /** What the core has left out of the film on screen. */
  const withheld = shallowRef<Hides>(NOTHING)
  const revealed = ref(false)

  const chosen = computed(() => session.settings?.blindReading ?? false)
  /** A protocol rules over the film on screen: the reader's switch does nothing. */
  const locked = computed(() => imposed.value !== null || withheld.value !== NOTHING)
  const hides = computed<Hides>(() => {
    if (revealed.value) return withheld.value
    return joinHides(imposed.value ?? (chosen.value ? CHOSEN : NOTHING), withheld.value)
  })
  /** What the reader's switch hides of every film on every other screen; of a protocol's films the core hides it there. */
  const elsewhere = computed<Hides>(() => (chosen.value ? CHOSEN : NOTHING))
  const active = computed(() => Object.values(hides.value).some(Boolean))

  function toggle(): void {
    if (!locked.value) void session.change({ blindReading: !chosen.value })
  }

  /** The reader's own switch off, from whatever screen. */
  function end(): void {
    if (chosen.value) void session.change({ blindReading: false })
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

  /** What the core hides of the film that comes on screen, or of the one that is on it now. */
  function know(hidden: readonly BlindTo[]): void {
    withheld.value =
      hidden.length === 0 ? NOTHING : { ...NOTHING, ...Object.fromEntries(hidden.map(what => [what, true])) }
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

  return { hides, elsewhere, active, chosen, locked, toggle, end, impose, reveal, know, lift, enterFilm }
})
