import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { api, isAborted, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { BulkAction, BulkPlan } from '../../contract'

/** One action on many films: what it would do, then all of it. */
export const useBulk = defineStore('bulk', () => {
  const plan = shallowRef<BulkPlan | null>(null)
  const previewing = ref(false)
  const applying = ref(false)
  const problem = ref<Problem | null>(null)
  /** Entries written by the last action carried out here; null before and after the next preview. */
  const done = ref<number | null>(null)
  let question = 0
  let abort: AbortController | null = null

  /** An earlier preview that is still on its way is thrown away. */
  async function preview(filmIds: readonly string[], action: BulkAction): Promise<void> {
    const asked = ++question
    done.value = null
    problem.value = null
    previewing.value = true
    try {
      const answer = await api.bulk.preview({ filmIds: [...filmIds], action })
      if (asked === question) plan.value = answer
    } catch (error) {
      if (asked === question) {
        plan.value = null
        problem.value = toProblem(error)
      }
    } finally {
      if (asked === question) previewing.value = false
    }
  }

  /** @returns false where nothing was changed; `problem` then says why, unless it was cancelled */
  async function apply(filmIds: readonly string[], action: BulkAction, reason: string): Promise<boolean> {
    if (!plan.value) return false
    const { signal } = (abort = new AbortController())
    applying.value = true
    problem.value = null
    try {
      const { changes } = await api.bulk.apply(
        { filmIds: [...filmIds], action, reason, seen: plan.value.seen },
        { signal }
      )
      forget()
      done.value = changes
      return true
    } catch (error) {
      if (!isAborted(error)) problem.value = toProblem(error)
      return false
    } finally {
      applying.value = false
    }
  }

  function cancel(): void {
    abort?.abort()
  }

  function forget(): void {
    question += 1
    plan.value = null
    problem.value = null
    previewing.value = false
    done.value = null
  }

  return { plan, previewing, applying, problem, done, preview, apply, cancel, forget }
})
