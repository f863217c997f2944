import { reactive } from 'vue'
import type { ProjectChange } from '../../contract'

/** For tests: a project that is open or not as the test says, and whose changes the test tells. */
export function fakeProject() {
  const listeners = new Set<(change: ProjectChange) => void>()
  return reactive({
    current: { folder: '/a' } as { folder: string } | null,
    isOpen: true,
    onChange(listener: (change: ProjectChange) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell(...areas: ProjectChange['areas']) {
      for (const listener of listeners) listener({ version: 1, areas, filmIds: null })
    }
  })
}
