import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { ContextAssessment } from '../../contract'

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

  function clear(): void {
    generation += 1
    assessment.value = null
    problem.value = null
  }

  return { assessment, problem, check, clear }
})
