import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { FacetKey, Settings, StudyColumn, StudyColumnKey } from '../../contract'
import { hidesColumn } from './blind-table'
import { useBlinding } from './blinding'
import { useSession } from './session'
import { COLUMN_WIDTHS, inOrder, moved, resized } from './study-columns'

const SAVE_DELAY_MS = 500

type Layout = Settings['studies']

/** How this user has laid out the Studies table: columns with their order and widths, height of rows, closed filters. */
export const useStudyLayout = defineStore('study-layout', () => {
  const session = useSession()
  const blinding = useBlinding()
  const columns = ref<StudyColumn[]>(inOrder(null))
  const rows = ref<Layout['rows']>('comfortable')
  const closed = ref<FacetKey[]>([])
  /** Those that may be shown now; what a blinded reader must not see keeps its place and width. */
  const offered = computed(() => columns.value.filter(({ key }) => !hidesColumn(key, blinding.elsewhere)))
  /** Never empty: the infant stands in where each column that was chosen is hidden. */
  const shown = computed(() => {
    const chosen = offered.value.filter(column => column.shown)
    return chosen.length > 0 ? chosen : offered.value.filter(({ key }) => key === 'patientKey')
  })
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
  const move = (key: StudyColumnKey, by: -1 | 1) => setColumns(moved(columns.value, key, by, shown.value))
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
    offered,
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
