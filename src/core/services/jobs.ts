import type { CoreContext } from './core-context'
import type { Services } from './services'

/** Background work of the open project. */
export function createJobsService(core: CoreContext): Services['jobs'] {
  const queue = () => core.project().jobs
  return {
    list: async () => queue().list(),
    get: async ({ id }) => queue().get(id),
    watch: async ({ id }, { signal }) => queue().watch(id, signal),
    pause: async ({ id }) => queue().pause(id),
    cancel: async ({ id }) => queue().cancel(id),
    resume: async ({ id }) => queue().resume(id)
  }
}
