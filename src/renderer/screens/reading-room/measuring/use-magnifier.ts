import { onBeforeUnmount, ref } from 'vue'

/** A key held longer than this works as long as it is held; a shorter press switches. */
const HOLD_MS = 350

/** Whether the magnifier is on: switched by a press of its key, or on while that is held. */
export function useMagnifier() {
  const on = ref(false)
  let held: { code: string; since: number } | null = null

  function press(event: KeyboardEvent): void {
    on.value = !on.value
    held = on.value ? { code: event.code, since: event.timeStamp } : null
  }

  function onKeyUp(event: KeyboardEvent): void {
    if (!held || event.code !== held.code) return
    if (event.timeStamp - held.since > HOLD_MS) on.value = false
    held = null
  }

  window.addEventListener('keyup', onKeyUp)
  onBeforeUnmount(() => window.removeEventListener('keyup', onKeyUp))

  return { on, press, toggle: () => (on.value = !on.value) }
}
