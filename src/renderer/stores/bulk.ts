import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { BulkAction, BulkPlan } from '../../contract'
import { useChangesUnderWay } from './changes-under-way'

/** One action on many films: what it would do, then all of it. */
export const useBulk = defineStore('bulk', () => {
  const underWay = useChangesUnderWay()
  const plan = shallowRef<BulkPlan | null>(null)
  const previewing = ref(false)
  const applying = ref(false)
  const problem = ref<Problem | null>(null)
  /** Entries written by the last action carried out here; null before and after the next preview. */
  const done = ref<number | null>(null)
  /** The last action was cancelled before anything was written. */
  const cancelled = ref(false)
  let question = 0

  /** An earlier preview that is still on its way is thrown away. */
  async function preview(filmIds: readonly string[], action: BulkAction): Promise<void> {
    const asked = ++question
    done.value = null
    cancelled.value = false
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
    const { seen } = plan.value
    applying.value = true
    cancelled.value = false
    problem.value = null
    try {
      const { changes } = await underWay.during(
        api.bulk.apply({ filmIds: [...filmIds], action, reason, seen })
      )
      forget()
      done.value = changes
      return true
    } catch (error) {
      const failed = toProblem(error)
      if (failed.code === 'CANCELLED') cancelled.value = true
      else problem.value = failed
      return false
    } finally {
      applying.value = false
    }
  }

  function forget(): void {
    question += 1
    plan.value = null
    problem.value = null
    previewing.value = false
    done.value = null
    cancelled.value = false
  }

  return { plan, previewing, applying, problem, done, cancelled, preview, apply, forget }
})
