import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api } from '../api-client'
import type { SplitInfo } from '../../contract'
import { useAttempt } from './attempt'
import { followProject } from './follow-project'

/** As in `neogate split make`. */
const SEED = 1

/** The open project's divisions into training, validation and locked test films. */
export const useSplits = defineStore('splits', () => {
  /** Oldest first. */
  const all = shallowRef<SplitInfo[]>([])
  const loaded = ref(false)
  const making = ref(false)
  const { problem, attempt } = useAttempt()
  const newest = computed(() => all.value.at(-1) ?? null)

  const load = () =>
    attempt(async () => {
      all.value = await api.splits.list()
      loaded.value = true
    })

  /**
   * Makes a split in the paper's proportions, or one that keeps every infant of `extend` on its side and adds the others.
   * @returns null where it was refused; `problem` says why
   */
  async function make(extend: string | null): Promise<SplitInfo | null> {
    let made: SplitInfo | null = null
    making.value = true
    await attempt(async () => {
      made = (await api.splits.make({ name: null, proportions: null, seed: SEED, extend })).split
      await load()
    })
    making.value = false
    return made
  }

  followProject(['splits'], {
    forget() {
      all.value = []
      loaded.value = false
    },
    load
  })

  return { all, loaded, making, problem, newest, load, make }
})
