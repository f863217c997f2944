import type { CoreContext } from './core-context'
import type { Services } from './services'

export function createAnnotationsService(core: CoreContext): Services['annotations'] {
  const reader = () => core.settings.get().readerName

  return {
    list: ({ filmId }) => core.project().labels.annotations(filmId, reader()),

    async save({ filmId, id, value, revision }) {
      const { labels, changes } = core.project()
      const written = await labels.annotate({ filmId, id, value, revision, reader: reader() })
      if (written) changes.publish(['annotations'], [filmId])
      return labels.annotations(filmId, reader())
    }
  }
}
