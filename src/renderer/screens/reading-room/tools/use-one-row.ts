import { onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref } from 'vue'
import type { FilmToolGroup } from './use-film-tools'

/** Finds the groups of a wrapping row that have no room in its first line; `row` is the ref of the row's element. */
export function useOneRow(groups: Readonly<Ref<readonly FilmToolGroup[]>>) {
  const row = ref<HTMLElement>()
  const hidden = shallowRef<ReadonlySet<string>>(new Set())
  let observer: ResizeObserver | undefined

  function measure(): void {
    const all = [...(row.value?.children ?? [])] as HTMLElement[]
    const top = all[0]?.offsetTop
    const found = all.filter(each => each.offsetTop !== top).map(each => each.dataset.group!)
    if (found.join() !== [...hidden.value].join()) hidden.value = new Set(found)
  }

  onMounted(() => {
    observer = new ResizeObserver(measure)
    if (row.value) observer.observe(row.value)
    measure()
  })
  onBeforeUnmount(() => observer?.disconnect())
  // Widths change with the language, and with the windows that a file brings; not with what is pressed.
  watch(() => groups.value.flatMap(({ tools }) => tools.map(({ name }) => name)).join(), measure, {
    flush: 'post'
  })

  return { row, hidden }
}
