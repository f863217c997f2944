import { watch } from 'vue'
import type { ProjectChange } from '../../contract'
import { useProject } from './project'

type Area = ProjectChange['areas'][number]

/**
 * Keeps what a store holds with the open project: forgotten when another one is opened or it is closed, then loaded where one is
 * open, and loaded again when one of the areas changes.
 */
export function followProject(
  areas: readonly Area[],
  { forget, load }: { forget: () => void; load: () => unknown }
): void {
  const project = useProject()
  watch(
    () => project.current?.folder,
    folder => {
      forget()
      if (folder !== undefined) void load()
    },
    { immediate: true }
  )
  project.onChange(change => {
    if (change.areas.some(area => areas.includes(area))) void load()
  })
}
