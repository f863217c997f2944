import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api } from '../api-client'
import type { FilmQuery, StudyColumn, StudyView } from '../../contract'
import { useAttempt } from './attempt'
import { hidesAny } from './blind-table'
import { useBlinding } from './blinding'
import { useFilms } from './films'
import { followProject } from './follow-project'
import { useProject } from './project'
import { useSession } from './session'
import { useStudyLayout } from './study-layout'

/** Ways of looking at the Studies table that the project keeps. */
export const useStudyViews = defineStore('study-views', () => {
  const project = useProject()
  const films = useFilms()
  const layout = useStudyLayout()
  const blinding = useBlinding()
  const session = useSession()
  const stored = shallowRef<StudyView[]>([])
  /** A name or a filter may tell of a film: while something is hidden, of the views of others nothing is shown. */
  const all = computed(() =>
    hidesAny(blinding.elsewhere)
      ? stored.value.filter(({ changedBy }) => changedBy === session.settings?.readerName)
      : stored.value
  )
  const loaded = ref(false)
  const { problem, attempt } = useAttempt()
  const currentId = ref<string | null>(null)
  /** The one removed last, for bringing it back. */
  const removed = shallowRef<StudyView | null>(null)
  const current = computed(() => all.value.find(({ id }) => id === currentId.value) ?? null)
  /** The table no longer is as the view was saved. */
  const changed = computed(() => current.value !== null && !isShown(current.value))
  /** The default view is shown once for each time that a project is opened. */
  let greeted: string | undefined

  function isShown({ filter, sort, columns }: StudyView): boolean {
    const same = (a: unknown, b: unknown) => canonical(a) === canonical(b)
    return (
      same(filter, films.query.filter) &&
      same(sort, films.query.sort) &&
      (columns === null || same(columns, layout.columns))
    )
  }

  const load = () =>
    attempt(async () => {
      stored.value = await api.views.list()
      loaded.value = true
    })

  function show(view: StudyView): void {
    currentId.value = view.id
    if (view.columns) layout.setColumns(view.columns)
    films.show(view)
  }

  /** @returns whether there is a default view that was shown now */
  async function greet(): Promise<boolean> {
    const folder = project.current?.folder
    if (folder === undefined || greeted === folder) return false
    greeted = folder
    if (!loaded.value) await load()
    const view = all.value.find(({ isDefault }) => isDefault)
    if (view) show(view)
    return view !== undefined
  }

  const present = (): FilmQuery & { columns: StudyColumn[] } => ({
    ...films.query,
    columns: layout.columns
  })
  const save = (view: Parameters<typeof api.views.save>[0]) =>
    attempt(async () => {
      const saved = await api.views.save(view)
      currentId.value = saved.id
      removed.value = null
      stored.value = await api.views.list()
    })

  const add = (name: string) => save({ id: null, name, ...present(), isDefault: false })
  const update = ({ id, name, isDefault }: StudyView) => save({ id, name, isDefault, ...present() })
  const change = (view: StudyView, patch: Partial<Pick<StudyView, 'name' | 'isDefault'>>) =>
    save({ ...view, ...patch })

  const remove = (view: StudyView) =>
    attempt(async () => {
      await api.views.remove({ id: view.id })
      removed.value = view
      if (currentId.value === view.id) currentId.value = null
      stored.value = await api.views.list()
    })
  const bringBack = async () => removed.value !== null && save(removed.value)

  followProject(['views', 'review'], {
    forget() {
      stored.value = []
      loaded.value = false
      currentId.value = null
      removed.value = null
      greeted = undefined
    },
    load
  })

  return {
    all,
    loaded,
    problem,
    current,
    changed,
    removed,
    load,
    show,
    greet,
    add,
    update,
    change,
    remove,
    bringBack
  }
})

/** JSON with the keys in one order, those without a value left out. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part
  )
}
