import { onBeforeUnmount, ref } from 'vue'
import { chordOf, type Chord } from './chord'

/**
 * Takes the next chord that is pressed, before anything else on the page sees it. Escape gives up, and so does anything else that
 * takes the reader away: a press of the pointer, another window.
 */
export function useKeyRecorder(onChord: (chord: Chord) => void) {
  const recording = ref(false)

  function onKey(event: KeyboardEvent): void {
    event.preventDefault()
    event.stopImmediatePropagation()
    const chord = chordOf(event)
    if (chord === null || event.repeat) return
    stop()
    if (chord !== 'Escape') onChord(chord)
  }

  function start(): void {
    if (recording.value) return
    recording.value = true
    window.addEventListener('keydown', onKey, { capture: true })
    window.addEventListener('pointerdown', stop, { capture: true })
    window.addEventListener('blur', stop)
  }

  function stop(): void {
    recording.value = false
    window.removeEventListener('keydown', onKey, { capture: true })
    window.removeEventListener('pointerdown', stop, { capture: true })
    window.removeEventListener('blur', stop)
  }

  onBeforeUnmount(stop)
  return { recording, start, stop }
}
