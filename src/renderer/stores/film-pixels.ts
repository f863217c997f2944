import { defineStore } from 'pinia'
import { fetchFilmPixels } from '../api-client'
import { FilmCache } from '../viewport'
import { useProject } from './project'

/** Films in memory for the reading room; emptied when another project is opened. */
export const useFilmPixels = defineStore('film-pixels', () => {
  const project = useProject()
  const cache = new FilmCache(fetchFilmPixels)

  let folder: string | null = null
  project.onChange(() => {
    const opened = project.current?.folder ?? null
    if (opened !== folder) cache.clear()
    folder = opened
  })

  return { get: cache.get.bind(cache), has: cache.has.bind(cache), prefetch: cache.prefetch.bind(cache) }
})
