import { resolve } from 'node:path'
import type { CoreContext } from './core-context'
import { makeDemo } from './demo'
import { examineMachine } from './doctor'
import { filmWorker } from './film-worker'
import { exportLabels, importLabels } from './label-exchange'
import { createModelTools } from './model-tools'
import { writeNpy } from './npy'
import { writeReport } from './reports/write-report'
import type { Services } from './services'
import { exportSplit } from './splits'

/** What the terminal has on top: calls that read and write the files it names. */
export function createToolsService(core: CoreContext): Services['tools'] {
  const films = filmWorker(core.films)
  return {
    ...createModelTools(core),

    inspect: ({ paths }, { signal }) => Promise.all(paths.map(path => films.inspect(path, { signal }))),

    async writePixels({ path, stage, size, out }, { signal }) {
      const array = await films.stage(path, stage, size, { signal })
      await writeNpy(out, array)
      return { shape: array.shape, dtype: array.dtype, out }
    },

    async makeDemo({ folder, infants, seed }, { signal }) {
      return makeDemo({ folder, infants, seed, signal, pool: core.films })
    },

    async exportLabels(target) {
      return exportLabels(core.project(), target, core.clock.timestamp())
    },

    async importLabels({ path }) {
      return importLabels(core.project(), path)
    },

    async exportSplit(request) {
      return exportSplit(core.project(), request, core.clock.timestamp())
    },

    writeReport: ({ out, ...subject }) => writeReport(core, subject, resolve(out)),

    doctor: () => examineMachine(core)
  }
}
