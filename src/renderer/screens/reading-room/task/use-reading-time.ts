import { onBeforeUnmount, onMounted, ref, watchEffect, type ShallowRef } from 'vue'
import { useProtocolReading } from '../../../stores/protocol-reading'
import type { ViewportState } from '../../../viewport'

/** Times the reading of a protocol's film: only while its pixels are on screen and the window has the focus. */
export function useReadingTime(state: ShallowRef<ViewportState | undefined>): void {
  const protocol = useProtocolReading()
  const attentive = ref(isAttentive())
  const look = () => (attentive.value = isAttentive())

  onMounted(() => {
    window.addEventListener('focus', look)
    window.addEventListener('blur', look)
    document.addEventListener('visibilitychange', look)
    look()
  })
  watchEffect(() => {
    const shown = state.value?.film?.id
    protocol.setLooking(
      attentive.value &&
        protocol.onFilm &&
        protocol.state === 'reading' &&
        shown !== undefined &&
        shown === protocol.task?.filmId
    )
  })
  onBeforeUnmount(() => {
    window.removeEventListener('focus', look)
    window.removeEventListener('blur', look)
    document.removeEventListener('visibilitychange', look)
    protocol.setLooking(false)
  })
}

const isAttentive = () => document.visibilityState === 'visible' && document.hasFocus()
