import type { JobRunner } from '../job-queue'
import type { CoreContext, ProjectSession } from './core-context'
import { isFilmFault } from '../foundation'
import { filmWorker } from './film-worker'

/** Films decoded between two commits, so that the children are kept busy and a crash loses little. */
const BATCH = 32

/** Lets a project's queue hash the pixels of its films; called once for each project that is opened. */
export function registerComparePixelsJobs(core: CoreContext, session: ProjectSession): void {
  session.jobs.register('compare-pixels', createComparePixelsRunner(core, session))
}

/**
 * Decodes every film without a pixel hash and stores it. What is stored need not be done again, which is all that resuming
 * takes. A film that cannot be read is noted as missing and passed over.
 */
function createComparePixelsRunner(core: CoreContext, { splits, studies }: ProjectSession): JobRunner {
  const films = filmWorker(core.films)
  return async run => {
    const ids = await splits.withoutPixelHash()
    const counts = { compared: 0, refused: 0 }
    run.summary(counts)
    run.progress({ done: 0, total: ids.length, step: 'compare' })
    for (let from = 0; from < ids.length; from += BATCH) {
      const batch = ids.slice(from, from + BATCH)
      const lost: string[] = []
      const hashes = await Promise.all(
        batch.map(async filmId => {
          try {
            const path = await studies.filePath(filmId)
            return [{ filmId, hash: await films.pixelHash(path, { signal: run.signal }) }]
          } catch (thrown) {
            if (!isFilmFault(thrown)) throw thrown
            lost.push(filmId)
            return []
          }
        })
      )
      await splits.savePixelHashes(hashes.flat())
      if (lost.length > 0) await studies.markMissing(lost, true)
      counts.compared += batch.length - lost.length
      counts.refused += lost.length
      run.summary(counts)
      run.progress({ done: from + batch.length, total: ids.length, step: 'compare' })
    }
  }
}
