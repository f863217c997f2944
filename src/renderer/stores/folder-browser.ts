import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { FolderEntry } from '../../contract'

/** A look into the folders of the machine that runs the core, for hosts without a system dialog. */
export const useFolderBrowser = defineStore('folder-browser', () => {
  const path = ref<string | null>(null)
  const parent = ref<string | null>(null)
  const entries = shallowRef<FolderEntry[]>([])
  const busy = ref(false)
  const problem = ref<Problem | null>(null)
  const folders = computed(() => entries.value.filter(entry => entry.kind === 'folder'))

  /** Goes to a folder; null is the home folder. On failure it stays where it is and says why. */
  async function go(to: string | null): Promise<void> {
    busy.value = true
    try {
      const answer = await api.app.browse({ path: to })
      path.value = answer.path
      parent.value = answer.parent
      entries.value = answer.entries
      problem.value = null
    } catch (error) {
      problem.value = toProblem(error)
    } finally {
      busy.value = false
    }
  }

  return { path, parent, entries, folders, busy, problem, go }
})
