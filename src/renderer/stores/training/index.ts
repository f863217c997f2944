import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api } from '../../api-client'
import type { Job, TrainingMethod, TrainingRun } from '../../../contract'
import { useAttempt } from '../attempt'
import { followProject } from '../follow-project'
import { useJobs } from '../jobs'
import { useProject } from '../project'

/** The training runs of the open project, newest first, and the methods there are. */
export const useTraining = defineStore('training', () => {
  const project = useProject()
  const jobs = useJobs()
  const ids = shallowRef<string[]>([])
  const byId = shallowRef<ReadonlyMap<string, TrainingRun>>(new Map())
  const methods = shallowRef<TrainingMethod[]>([])
  const loaded = ref(false)
  const { problem, attempt } = useAttempt()
  const all = computed(() => ids.value.map(id => byId.value.get(id)!))

  const load = () =>
    attempt(async () => {
      const runs = await api.training.runs()
      ids.value = runs.map(run => run.job.id)
      byId.value = new Map(runs.map(run => [run.job.id, run]))
      loaded.value = true
    })

  const loadMethods = () =>
    attempt(async () => {
      if (methods.value.length === 0) methods.value = await api.training.methods()
    })

  const reload = () =>
    attempt(async () => {
      await Promise.all([load(), loadMethods()])
    })

  /** The run's job as it is now; `run` holds the one of when it was read. */
  function jobOf(run: TrainingRun): Job {
    return jobs.byId.get(run.job.id) ?? run.job
  }

  // What changes of a run is seen by its job, below.
  followProject([], {
    forget() {
      ids.value = []
      byId.value = new Map()
      loaded.value = false
    },
    load
  })
  // A run that begins, or ends with a version; its progress is the job's own.
  const turns = computed(() =>
    jobs.all
      .filter(job => job.kind === 'train')
      .map(job => `${job.id} ${job.state}`)
      .join()
  )
  watch(turns, () => {
    if (project.current) void load()
  })

  return { ids, byId, all, methods, loaded, problem, load, loadMethods, reload, jobOf }
})
