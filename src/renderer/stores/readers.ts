import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { Reader, ReaderRole } from '../../contract'
import { useProject } from './project'
import { useSession } from './session'

/** The readers of the open project and their roles; whoever signs now among them. */
export const useReaders = defineStore('readers', () => {
  const project = useProject()
  const session = useSession()
  const all = shallowRef<Reader[]>([])
  const current = shallowRef<{ name: string; known: boolean; roles: ReaderRole[] } | null>(null)
  const loaded = ref(false)
  const saving = ref(false)
  const problem = ref<Problem | null>(null)

  /** While nobody is registered, everybody may do everything. */
  const open = computed(() => loaded.value && all.value.length === 0)
  const may = (...roles: ReaderRole[]) => roles.some(role => current.value?.roles.includes(role) ?? false)

  async function load(): Promise<void> {
    try {
      const answer = await api.readers.list()
      all.value = answer.readers
      current.value = answer.current
      loaded.value = true
      problem.value = null
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  /** False where it could not be saved; what went wrong is in `problem`. */
  async function save(reader: { name: string; roles: ReaderRole[]; active: boolean }): Promise<boolean> {
    saving.value = true
    try {
      await api.readers.save(reader)
      await load()
      return problem.value === null
    } catch (error) {
      problem.value = toProblem(error)
      return false
    } finally {
      saving.value = false
    }
  }

  watch(
    () => [project.current?.folder, session.settings?.readerName] as const,
    ([folder], before) => {
      if (folder !== before?.[0]) {
        all.value = []
        current.value = null
        loaded.value = false
        problem.value = null
      }
      if (folder !== undefined) void load()
    },
    { immediate: true }
  )
  project.onChange(change => {
    if (change.areas.includes('review')) void load()
  })

  return { all, current, loaded, saving, problem, open, may, load, save }
})
