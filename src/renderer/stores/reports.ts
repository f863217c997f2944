import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { api, isAborted, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { Report, ReportSubject } from '../../contract'
import { createOneCall } from './one-call'
import { useProject } from './project'

/** Reports written since the project was opened. */
export const useReports = defineStore('reports', () => {
  const project = useProject()
  /** The newest one, and what it is of. */
  const written = shallowRef<{ subject: ReportSubject; report: Report } | null>(null)
  const writing = ref(false)
  const problem = ref<Problem | null>(null)

  const call = createOneCall()

  async function write(subject: ReportSubject): Promise<void> {
    writing.value = true
    problem.value = null
    try {
      const report = await api.reports.write(subject, { signal: call.begin() })
      written.value = { subject, report }
    } catch (error) {
      if (!isAborted(error)) problem.value = toProblem(error)
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

  return { written, writing, problem, write, cancel: call.cancel }
})
