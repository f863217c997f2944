import { onMounted, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useFilms } from '../../stores/films'
import { useStudyViews } from '../../stores/study-views'
import { fromLink, sameQuery, toLink } from './link-query'

/** Keeps the address and the table at one: filters and order stand in the link, and going back and forward follows them. */
export function useLink(): void {
  const films = useFilms()
  const views = useStudyViews()
  const route = useRoute()
  const router = useRouter()

  const isHere = () => route.name === 'studies'
  const isWritten = () => sameQuery(fromLink(route.query), films.query)

  onMounted(async () => {
    if (Object.keys(route.query).length > 0) {
      // A link says what to show; the default view then waits for the next time.
      if (!isWritten()) films.show(fromLink(route.query))
    } else if (Object.keys(toLink(films.query)).length > 0 || !(await views.greet())) write('replace')
  })

  function write(how: 'push' | 'replace'): void {
    if (isHere() && !isWritten()) void router[how]({ name: 'studies', query: toLink(films.query) })
  }

  /** Typing leaves no trail of half-typed words behind. */
  let text = films.text
  watch(
    () => films.query,
    query => {
      const typed = query.filter.text !== text
      text = query.filter.text
      write(typed ? 'replace' : 'push')
    }
  )
  watch(
    () => route.query,
    query => {
      if (isHere() && !isWritten()) films.show(fromLink(query))
    }
  )
}
