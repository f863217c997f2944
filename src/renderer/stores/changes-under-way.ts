import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { api } from '../api-client'
import type { ChangeUnderWay } from '../../contract'

/** A change that takes no longer than this shows no progress. */
const PATIENCE_MS = 250

/** A change of many films that this window has asked for, until it is done: how far it is, and a way to end it. */
export const useChangesUnderWay = defineStore('changes-under-way', () => {
  const current = shallowRef<ChangeUnderWay | null>(null)
  const cancelling = ref(false)
  let asked = 0

  /** Shows the progress of whatever is being written until `work` is over. */
  async function during<Result>(work: Promise<Result>): Promise<Result> {
    const following = new AbortController()
    asked++
    const timer = setTimeout(() => void follow(following.signal), PATIENCE_MS)
    try {
      return await work
    } finally {
      clearTimeout(timer)
      following.abort()
      if (--asked === 0) {
        current.value = null
        cancelling.value = false
      }
    }
  }

  async function follow(signal: AbortSignal): Promise<void> {
    try {
      for await (const change of await api.history.underWay(undefined, { signal })) {
        if (signal.aborted) return
        current.value = change
      }
    } catch {
      // Without progress the change goes on all the same, and its caller is told how it ends.
    }
  }

  /** Asks for the end; whoever waits for the change is told CANCELLED, or that it was done already. */
  async function cancel(): Promise<void> {
    if (!current.value || cancelling.value) return
    cancelling.value = true
    try {
      await api.history.cancel({ id: current.value.id })
    } catch {
      // It was over before the word arrived.
    }
  }

  return { current, cancelling, during, cancel }
})
