import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { FacetKey, Settings, StudyColumn, StudyColumnKey } from '../../contract'
import { useSession } from './session'
import { COLUMN_WIDTHS, inOrder, moved, resized } from './study-columns'

const SAVE_DELAY_MS = 500

type Layout = Settings['studies']

/** How this user has laid out the Studies table: columns with their order and widths, height of rows, closed filters. */
export const useStudyLayout = defineStore('study-layout', () => {
  const session = useSession()
  const columns = ref<StudyColumn[]>(inOrder(null))
  const rows = ref<Layout['rows']>('comfortable')
  const closed = ref<FacetKey[]>([])
  const shown = computed(() => columns.value.filter(column => column.shown))
  const isDefault = computed(() => JSON.stringify(columns.value) === JSON.stringify(inOrder(null)))
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(
    () => session.settings?.studies,
    saved => {
      // What is not saved yet is newer.
      if (!saved || timer !== undefined) return
      columns.value = inOrder(saved.columns)
      rows.value = saved.rows
      closed.value = [...saved.closedFacets]
    },
    { immediate: true }
  )

  function save(): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      timer = undefined
      void session.change({
        studies: {
          columns: isDefault.value ? null : columns.value,
          rows: rows.value,
          closedFacets: closed.value
        }
      })
    }, SAVE_DELAY_MS)
  }

  function setColumns(next: readonly StudyColumn[] | null): void {
    columns.value = inOrder(next)
    save()
  }

  const resize = (key: StudyColumnKey, width: number) => setColumns(resized(columns.value, key, width))
  /** Moves a column over the next shown one to the left (-1) or to the right (1). */
  const move = (key: StudyColumnKey, by: -1 | 1) => setColumns(moved(columns.value, key, by))
  const setShown = (key: StudyColumnKey, visible: boolean) =>
    setColumns(columns.value.map(column => (column.key === key ? { ...column, shown: visible } : column)))
  const widen = (key: StudyColumnKey, by: number) =>
    resize(key, (columns.value.find(column => column.key === key)?.width ?? COLUMN_WIDTHS[key].width) + by)
  const reset = () => setColumns(null)

  function setRows(height: Layout['rows']): void {
    rows.value = height
    save()
  }

  function toggleFacet(facet: FacetKey): void {
    closed.value = closed.value.includes(facet)
      ? closed.value.filter(each => each !== facet)
      : [...closed.value, facet]
    save()
  }

  return {
    columns,
    rows,
    closed,
    shown,
    isDefault,
    setColumns,
    resize,
    widen,
    move,
    setShown,
    reset,
    setRows,
    toggleFacet
  }
})
