import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, connection, hostBridge, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { AppInfo, Settings } from '../../contract'

export type SettingsChange = Partial<Omit<Settings, 'recentProjects'>>

/** The running application and its settings, which outlive any project. */
export const useSession = defineStore('session', () => {
  const info = ref<AppInfo | null>(null)
  const settings = ref<Settings | null>(null)
  const problem = ref<Problem | null>(null)

  async function load(): Promise<void> {
    try {
      ;[info.value, settings.value] = await Promise.all([api.app.info(), api.app.settings()])
      problem.value = null
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  /** Reads the settings again: the list of recent projects changes when one is opened. */
  async function reloadSettings(): Promise<void> {
    settings.value = await api.app.settings()
  }

  async function change(patch: SettingsChange): Promise<void> {
    try {
      settings.value = await api.app.changeSettings(patch)
      problem.value = null
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  return {
    info,
    settings,
    problem,
    connection: computed(() => connection.value),
    /** The system's own dialogs; null in a browser. */
    bridge: computed(() => hostBridge() ?? null),
    load,
    reloadSettings,
    change
  }
})
