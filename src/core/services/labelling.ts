import { inTagOrder } from '../../contract'
import { assessContext, growthCurves } from '../growth'
import type { CoreContext } from './core-context'
import { toFilmDetail } from './films'
import type { Services } from './services'

export function createLabellingService(core: CoreContext): Services['labelling'] {
  return {
    async setLabel({ filmId, value, revision }) {
      const { labels, studies, changes } = core.project()
      const reader = core.settings.get().readerName
      if (await labels.setLabel({ filmId, value, revision, reader })) {
        changes.publish(['labels', 'films'], [filmId])
      }
      return toFilmDetail(await studies.detail(filmId))
    },

    async setTags({ filmId, tags, revision }) {
      const { labels, studies, changes } = core.project()
      const reader = core.settings.get().readerName
      if (await labels.setTags({ filmId, tags: inTagOrder(tags), revision, reader })) {
        changes.publish(['labels', 'films'], [filmId])
      }
      return toFilmDetail(await studies.detail(filmId))
    },

    async setContext({ patientId, value, reason, revision }) {
      const { labels, studies, changes } = core.project()
      const reader = core.settings.get().readerName
      const written = await labels.setContext({ patientId, value, reason, revision, reader })
      const films = await studies.rows(await studies.filmsOf(patientId))
      if (written) {
        changes.publish(
          ['clinical-context', 'films', 'predictions'],
          films.map(film => film.id)
        )
      }
      const ages = films.flatMap(film => (film.ageHours === null ? [] : [film.ageHours]))
      return {
        revision: written?.seq ?? revision,
        // At the infant's last film, where an age typed as GA would show most.
        assessment: assessContext({ ...value, ageHours: ages.length > 0 ? Math.max(...ages) : null })
      }
    },

    assessContext: async context => assessContext(context),
    growthCurves: async ({ sex }) => growthCurves(sex)
  }
}
