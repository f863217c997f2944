import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { Problem } from '../api-client'

export interface Notice {
  id: number
  tone: 'info' | 'ok' | 'warn' | 'danger'
  /** i18n key with its particulars, so that a notice on screen follows a change of language. */
  key: string
  params: Record<string, unknown>
}

const LIFETIME_MS = 5000

/** Short messages at the edge of the screen; they go by themselves, so they never hold what must be read. */
export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([])
  let lastId = 0

  /** @returns its id, for taking it away before its time */
  function show(tone: Notice['tone'], key: string, params: Record<string, unknown> = {}): number {
    const id = ++lastId
    notices.value = [...notices.value.slice(-2), { id, tone, key, params }]
    setTimeout(() => dismiss(id), LIFETIME_MS)
    return id
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter(notice => notice.id !== id)
  }

  /** For failures that have no place of their own on the screen. */
  function showProblem(problem: Problem): void {
    show('danger', `errors.codes.${problem.code}.title`)
  }

  return { notices, show, showProblem, dismiss }
})
