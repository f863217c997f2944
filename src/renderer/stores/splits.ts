import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { SplitInfo } from '../../contract'
import { useProject } from './project'

/** As in `neogate split make`. */
const SEED = 1

/** The open project's divisions into training, validation and locked test films. */
export const useSplits = defineStore('splits', () => {
  const project = useProject()
  /** Oldest first. */
  const all = shallowRef<SplitInfo[]>([])
  const loaded = ref(false)
  const making = ref(false)
  const problem = ref<Problem | null>(null)
  const newest = computed(() => all.value.at(-1) ?? null)

  async function load(): Promise<void> {
    try {
      all.value = await api.splits.list()
      loaded.value = true
      problem.value = null
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  /**
   * Makes a split in the paper's proportions, or one that keeps every infant of `extend` on its side and adds the others.
   * @returns null where it was refused; `problem` says why
   */
  async function make(extend: string | null): Promise<SplitInfo | null> {
    making.value = true
    try {
      const made = await api.splits.make({ name: null, proportions: null, seed: SEED, extend })
      await load()
      return made.split
    } catch (error) {
      problem.value = toProblem(error)
      return null
    } finally {
      making.value = false
    }
  }

  watch(
    () => project.current?.folder,
    folder => {
      all.value = []
      loaded.value = false
      if (folder !== undefined) void load()
    },
    { immediate: true }
  )
  project.onChange(change => {
    if (change.areas.includes('splits')) void load()
  })

  return { all, loaded, making, problem, newest, load, make }
})
