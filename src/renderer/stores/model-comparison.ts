import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { api, isAborted, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { ModelComparison } from '../../contract'
import { createOneCall } from './one-call'
import { useProject } from './project'

export type ComparisonScope = 'validation' | 'all'

/** Two versions chosen to be held against each other, and what came of it. */
export const useModelComparison = defineStore('model-comparison', () => {
  const project = useProject()
  const a = ref('')
  const b = ref('')
  const scope = ref<ComparisonScope>('validation')
  const result = shallowRef<ModelComparison | null>(null)
  const busy = ref(false)
  const problem = ref<Problem | null>(null)
  const call = createOneCall()
  /** Counts up with every question, so that a late answer to an earlier one is dropped. */
  let asked = 0

  async function compare(): Promise<void> {
    const question = ++asked
    busy.value = true
    problem.value = null
    try {
      const wanted = { a: a.value, b: b.value, scope: scope.value }
      const answer = await api.models.compare(wanted, { signal: call.begin() })
      if (question === asked) result.value = answer
    } catch (error) {
      if (question === asked && !isAborted(error)) problem.value = toProblem(error)
    } finally {
      if (question === asked) busy.value = false
    }
  }

  function forget(): void {
    asked += 1
    call.cancel()
    busy.value = false
    result.value = null
    problem.value = null
  }

  watch([a, b, scope], forget)
  watch(
    () => project.current?.folder,
    () => {
      a.value = ''
      b.value = ''
      forget()
    }
  )

  return { a, b, scope, result, busy, problem, compare, cancel: call.cancel }
})
