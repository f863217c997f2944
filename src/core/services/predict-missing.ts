import { NeoGateError } from '../foundation'
import type { CoreContext, ProjectSession } from './core-context'
import { modelKey } from './inherited-features'
import type { OpenModel } from './inference'
import { predictFilms } from './predict-job'

/**
 * Predicts those of the films that have no current prediction of a model, for a job that needs its answers or its features. A film
 * that cannot be read stays without.
 * @throws NeoGateError CANCELLED
 */
export async function predictMissing(
  core: CoreContext,
  session: ProjectSession,
  model: OpenModel,
  filmIds: readonly string[],
  { signal, progress }: { signal: AbortSignal; progress(done: number, total: number): void }
): Promise<void> {
  const without = new Set(await session.studies.withoutPrediction(modelKey(model)))
  const missing = filmIds.filter(id => without.has(id))
  let done = 0
  if (missing.length > 0) progress(0, missing.length)
  for await (const { asked } of predictFilms(core, session, model, missing, signal)) {
    done += asked
    progress(done, missing.length)
    if (signal.aborted) throw new NeoGateError('CANCELLED', 'The prediction of films was stopped.')
  }
}
