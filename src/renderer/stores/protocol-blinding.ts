import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { ReaderBlinding } from '../../contract'
import { NOTHING, type Hides } from './hides'
import { useProject } from './project'
import { useSession } from './session'

/**
 * What open protocols hide from whoever signs: the core's own word, the same in every window. Hidden values are in none of its
 * answers; screens ask here only to say so.
 */
export const useProtocolBlinding = defineStore('protocol-blinding', () => {
  const project = useProject()
  const session = useSession()
  const state = shallowRef<ReaderBlinding | null>(null)
  const busy = ref(false)
  const problem = ref<Problem | null>(null)
  let asked = 0

  /** Of any film. */
  const anywhere = computed<Hides>(() => {
    const hidden = state.value?.hides ?? []
    return hidden.length === 0
      ? NOTHING
      : { ...NOTHING, ...Object.fromEntries(hidden.map(what => [what, true])) }
  })
  const protocols = computed(() => state.value?.protocols ?? [])
  const active = computed(() => protocols.value.length > 0)

  async function load(): Promise<void> {
    const question = ++asked
    try {
      const found = await api.protocols.blinding()
      if (question === asked) state.value = found
    } catch {
      // What is hidden stays hidden whatever is known here; the next change asks again.
    }
  }

  /** Shows a curator or admin what a protocol hides, on record; false where that was refused. */
  async function unblind(protocol: string, reason: string): Promise<boolean> {
    busy.value = true
    problem.value = null
    try {
      const found = await api.protocols.unblind({ protocol, reason })
      asked += 1
      state.value = found
      return true
    } catch (error) {
      problem.value = toProblem(error)
      return false
    } finally {
      busy.value = false
    }
  }

  watch(
    () => [project.current?.folder, session.settings?.readerName] as const,
    ([folder], before) => {
      asked += 1
      if (folder !== before?.[0]) state.value = null
      if (folder !== undefined) void load()
    },
    { immediate: true }
  )
  project.onChange(change => {
    if (change.areas.includes('review')) void load()
  })

  return { state, anywhere, protocols, active, busy, problem, load, unblind }
})
