import { NeoGateError } from '../../foundation'
import type { Protocol, Reading } from '../../review-store'
import type { CoreContext } from '../core-context'
import { consensusByFilm } from './facts'

/** A reading becomes the film's label, signed by its reader; the label that stood is kept in the history. */
export async function labelFromReading(
  core: CoreContext,
  protocol: Protocol,
  { filmId, reader, diagnosis, certainty, comment }: Reading
): Promise<void> {
  const { labels, studies, changes } = core.project()
  const { revision } = await studies.detail(filmId)
  const written = await labels.setLabel({
    filmId,
    value: { diagnosis, certainty, comment },
    revision,
    reader,
    reason: `protocol ${protocol.name}`
  })
  if (written) changes.publish(['labels', 'films'], [filmId])
}

/**
 * Makes the consensus of every film that has one its label, film by film: what was taken over stays where a later one fails.
 * Certainty is 'sure' where all agree or an adjudicator decided.
 */
export async function takeConsensus(
  core: CoreContext,
  protocol: Protocol,
  reason: string
): Promise<{ applied: number; unchanged: number }> {
  const { review, labels, studies, changes } = core.project()
  const reader = core.settings.get().readerName
  const found = [...consensusByFilm(protocol, await review.readings(protocol.id))].flatMap(
    ([filmId, { diagnosis, by }]) => (diagnosis === null ? [] : [{ filmId, diagnosis, by }])
  )
  if (found.length === 0) {
    throw new NeoGateError('CONFLICT', `No film of '${protocol.name}' has a consensus yet.`, {
      reason: 'no-consensus',
      remedy: 'Read on, or decide the films that wait for adjudication.'
    })
  }
  const why = [`consensus of ${protocol.name}`, reason.trim()].filter(part => part !== '').join(': ')
  const applied: string[] = []
  for (const { filmId, diagnosis, by } of found) {
    const { row, revision } = await studies.detail(filmId)
    if (row.label === diagnosis) continue
    await labels.setLabel({
      filmId,
      value: { diagnosis, certainty: by === 'majority' ? 'unsure' : 'sure', comment: '' },
      revision,
      reader,
      reason: why
    })
    applied.push(filmId)
  }
  if (applied.length > 0) changes.publish(['labels', 'films'], applied)
  return { applied: applied.length, unchanged: found.length - applied.length }
}
