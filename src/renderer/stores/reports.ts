import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { Report, ReportSubject } from '../../contract'
import { useProject } from './project'

/** Reports written since the project was opened. */
export const useReports = defineStore('reports', () => {
  const project = useProject()
  /** The newest one, and what it is of. */
  const written = shallowRef<{ subject: ReportSubject; report: Report } | null>(null)
  const writing = ref(false)
  const problem = ref<Problem | null>(null)

  async function write(subject: ReportSubject): Promise<void> {
    writing.value = true
    try {
      const report = await api.reports.write(subject)
      written.value = { subject, report }
      problem.value = null
    } catch (error) {
      problem.value = toProblem(error)
    } finally {
      writing.value = false
    }
  }

  watch(
    () => project.current?.folder,
    () => {
      written.value = null
      problem.value = null
    }
  )

  return { written, writing, problem, write }
})
