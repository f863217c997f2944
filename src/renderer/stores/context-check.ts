import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { ContextAssessment, GrowthCurves } from '../../contract'

export interface ContextDraft {
  gaDays: number | null
  bwGrams: number | null
  sex: 'M' | 'F' | null
  /** Hours of life at the film, by which post-menstrual age typed as GA is told. */
  ageHours: number | null
}

/** Plausibility of the GA and BW in the editor, saved or not. */
export const useContextCheck = defineStore('context-check', () => {
  const assessment = shallowRef<ContextAssessment | null>(null)
  const problem = ref<Problem | null>(null)
  /** Of the sex shown last; null until they have come. */
  const curves = shallowRef<GrowthCurves | null>(null)
  const fetched = new Map<ContextDraft['sex'], Promise<GrowthCurves>>()
  let generation = 0

  /** Checks a draft; only the answer to the last one asked is kept. */
  async function check(draft: ContextDraft): Promise<void> {
    const asked = ++generation
    try {
      const answer = await api.labelling.assessContext(draft)
      if (asked !== generation) return
      assessment.value = answer
      problem.value = null
    } catch (error) {
      if (asked !== generation) return
      assessment.value = null
      problem.value = toProblem(error)
    }
  }

  /** Fetches the growth curves of a sex once. */
  async function showCurves(sex: ContextDraft['sex']): Promise<void> {
    const asked = fetched.get(sex) ?? api.labelling.growthCurves({ sex })
    fetched.set(sex, asked)
    wanted = sex
    try {
      const answer = await asked
      if (wanted === sex) curves.value = answer
    } catch (error) {
      fetched.delete(sex)
      problem.value = toProblem(error)
    }
  }
  let wanted: ContextDraft['sex'] = null

  function clear(): void {
    generation += 1
    assessment.value = null
    problem.value = null
  }

  return { assessment, curves, problem, check, showCurves, clear }
})
