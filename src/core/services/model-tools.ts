import { stat } from 'node:fs/promises'
import { modelCardDocument, readModelFolder } from '../model-registry'
import { NeoGateError, toError } from '../foundation'
import type { CoreContext } from './core-context'
import { filmWorker } from './film-worker'
import { buildModel, modelInfoOf, writeModelExport } from './model-building'
import { modelWorker } from './model-client'
import { answerOf, gateInput } from './predictions'
import type { Services } from './services'

/** What the terminal does with model folders and single files, without a project. */
export function createModelTools(
  core: CoreContext
): Pick<
  Services['tools'],
  'makeModel' | 'describeModel' | 'describeModelCard' | 'exportModel' | 'parityStep' | 'predictFiles'
> {
  const films = filmWorker(core.films)
  return {
    async makeModel(options) {
      const { model, report } = await buildModel({ ...options, createdAt: core.clock.timestamp() })
      const { loaded, fresh, widened } = report
      return { model: modelInfoOf(model, false), loaded, fresh, widened }
    },

    describeModel: async ({ folder }) => modelInfoOf(await readModelFolder(folder), false),

    async describeModelCard({ folder }) {
      const { card, hash } = await readModelFolder(folder)
      return { markdown: modelCardDocument(card, hash) }
    },

    async exportModel({ folder, to, out }) {
      const { byteSize } = await writeModelExport(await readModelFolder(folder), to, out)
      return { out, byteSize }
    },

    async parityStep(request, { signal }) {
      const result = await modelWorker(core.models).parityStep(request, { signal, timeoutMs: null })
      return { ...result, out: request.out, byteSize: (await stat(request.out)).size }
    },

    async predictFiles({ paths, model: folder, gaDays, bwGrams, provider: wanted }, { signal }) {
      const model = await core.inference.open(folder)
      const context = gateInput(model, { gaDays, bwGrams })
      const results: Awaited<ReturnType<Services['tools']['predictFiles']>> = []
      for (const path of paths) {
        try {
          const { plane } = await films.modelInput(path, model.card.size, { signal })
          const input = { plane, gaDays: context.gaDays, bwGrams: context.bwGrams }
          const { outputs, provider, fallback } = await core.inference.predict(model, [input], wanted, {
            signal
          })
          const prediction = { ...answerOf(model, outputs[0]!, context), provider, fallback }
          results.push({ path, prediction, error: null })
        } catch (thrown) {
          const error = toError(thrown)
          const code = error instanceof NeoGateError ? error.code : 'INTERNAL'
          if (code === 'CANCELLED' || code === 'MODEL_REFUSED') throw error
          results.push({ path, prediction: null, error: { code, message: error.message } })
        }
      }
      return results
    }
  }
}
