import { defineStore } from 'pinia'
import { ref } from 'vue'

/** Whether lung outlines lie over the films, and how strongly; the same for every pane, and for the films that follow. */
export const useLungOverlay = defineStore('lung-overlay', () => {
  const shown = ref(false)
  const opacity = ref(0.5)

  return { shown, opacity, toggle: () => void (shown.value = !shown.value) }
})
