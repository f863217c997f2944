import { z } from 'zod'
import { procedure } from './base'
import { blindTo } from './blinding'
import { queueKind, queueReason } from './queues'
import { readerName } from './readers'
import { certainty, diagnosis, filmId, timestamp } from './values'

export const protocolId = filmId
/** A protocol's name or its id. */
export const protocolName = z.string().trim().min(1).max(120)

export const assignment = z.discriminatedUnion('kind', [
  /** Everybody reads every film. */
  z.object({ kind: z.literal('all') }),
  /** So many different readers read each film. */
  z.object({ kind: z.literal('some'), readers: z.int().min(1).max(20) }),
  /** One of the site's readers reads each film of the site. */
  z.object({ kind: z.literal('by-site'), sites: z.record(z.string(), z.array(readerName)) })
])
export type Assignment = z.infer<typeof assignment>

/** What readers are not shown until their reading is saved. */
export const hidesOfProtocol = z.object({ model: z.boolean(), others: z.boolean(), context: z.boolean() })

export const protocolSettings = z.object({
  queue: queueKind,
  assignment,
  /** Who takes part; empty: everybody who may read. */
  readers: z.array(readerName).max(100),
  hides: hidesOfProtocol,
  /** Share of a reader's films that come a second time without saying so. */
  repeatShare: z.number().min(0).max(0.5),
  /** Readings of other films at least between the two readings of one; fewer only at the end. */
  repeatGap: z.int().min(0).max(10_000),
  /** Share of the films that is drawn by lot from all films, so that error rates can be told without bias. */
  randomShare: z.number().min(0).max(1),
  commentWhenUnsure: z.boolean(),
  /** Each answer also becomes the film's label; only where one reader reads each film. */
  labelsAtOnce: z.boolean(),
  revealAfterCommit: z.boolean(),
  /** A film taken and not read is free again after so many hours. */
  claimHours: z.number().min(0.1).max(1000)
})
export type ProtocolSettings = z.infer<typeof protocolSettings>

export const protocolInfo = z.object({
  id: protocolId,
  name: z.string(),
  createdAt: timestamp,
  createdBy: z.string(),
  seed: z.int(),
  settings: protocolSettings,
  closedAt: timestamp.nullable(),
  films: z.int()
})
export type ProtocolInfo = z.infer<typeof protocolInfo>

export const readerProgress = z.object({
  reader: z.string(),
  first: z.int(),
  repeats: z.int(),
  adjudicated: z.int(),
  /** Median over the readings that were timed. */
  medianSeconds: z.number().nullable(),
  /** A film is in the reader's hands. */
  holding: z.boolean()
})
export type ReaderProgress = z.infer<typeof readerProgress>

/** A share of all films as the random ones of a protocol tell it, with its 95 % interval. */
export const sampleEstimate = z.object({
  estimate: z.number(),
  low: z.number(),
  high: z.number(),
  sampled: z.int(),
  population: z.int()
})
export type SampleEstimate = z.infer<typeof sampleEstimate>

export const protocolState = z.object({
  protocol: protocolInfo,
  /** True while the protocol blinds the reader who asks: the reader's own progress only, and nothing of what follows it. */
  withheld: z.boolean(),
  progress: z.array(readerProgress),
  /** Films by what their readings come to. */
  consensus: z
    .object({
      open: z.int(),
      unanimous: z.int(),
      majority: z.int(),
      adjudication: z.int(),
      none: z.int()
    })
    .nullable(),
  /** Films that wait for an adjudicator. */
  forAdjudication: z.int().nullable(),
  /** Films whose consensus is not their label. */
  differing: z.int().nullable(),
  /** Share of all labels that readers agree with, from the films drawn by lot. */
  labelAccuracy: sampleEstimate.nullable()
})
export type ProtocolState = z.infer<typeof protocolState>

/** A protocol that hides something from the reader who asks until the reader's part in it is over. */
export const blindingProtocol = z.object({
  id: protocolId,
  name: z.string(),
  hides: z.array(blindTo),
  /** Films that the reader has still to read in it. */
  left: z.int()
})
export type BlindingProtocol = z.infer<typeof blindingProtocol>

export const readerBlinding = z.object({
  reader: z.string(),
  /** Over all protocols and films; empty: nothing is hidden. */
  hides: z.array(blindTo),
  /** Films of which something is hidden, those of the same infants included. */
  films: z.int(),
  protocols: z.array(blindingProtocol),
  /** The reader has a role that may look all the same, see `unblind`. */
  mayUnblind: z.boolean()
})
export type ReaderBlinding = z.infer<typeof readerBlinding>

/** What is hidden of the film in hand; `own`: the reader's earlier answers, as for a film that comes again. */
export const hides = hidesOfProtocol.extend({ own: z.boolean() })
export type ProtocolHides = z.infer<typeof hides>

/** A film in a reader's hands. Whether it is a repeat is not told. */
export const readingTask = z.object({
  id: filmId,
  protocolId,
  protocolName: z.string(),
  filmId,
  kind: z.enum(['reading', 'adjudication']),
  reader: z.string(),
  /** The reader had it in hand already, as after a pause or a crash; how long it was looked at before, the core does not know. */
  again: z.boolean(),
  hides,
  /** Why the film is in the protocol, as far as it gives nothing away that is hidden. */
  reasons: z.array(queueReason),
  /** There are more reasons, told after the reading is saved. */
  withheld: z.boolean(),
  commentWhenUnsure: z.boolean(),
  revealAfterCommit: z.boolean(),
  /** Readings made and still to be made by this reader, as far as can be said; repeats are in neither. */
  done: z.int(),
  left: z.int(),
  /** Films that are likely to come next, for fetching ahead. */
  ahead: z.array(filmId)
})
export type ReadingTask = z.infer<typeof readingTask>

export const adjudicationReason = z.enum([
  'overlapping-signs',
  'image-quality',
  'timing-of-film',
  'device-or-line',
  'misled-by-context',
  'slip',
  'other'
])
export type AdjudicationReason = z.infer<typeof adjudicationReason>
export const ADJUDICATION_REASONS = adjudicationReason.options

export const readingAnswer = z.object({
  diagnosis,
  certainty,
  comment: z.string().max(4000).default(''),
  /** Why the readers differed; at least one in an adjudication. */
  reasonCodes: z.array(adjudicationReason).default([]),
  /** The film was on screen for so long; null where nobody measured. */
  seconds: z.number().min(0).max(86_400).nullable().default(null)
})
export type ReadingAnswer = z.input<typeof readingAnswer>

export const filmConsensus = z.object({
  filmId,
  label: diagnosis.nullable(),
  diagnosis: diagnosis.nullable(),
  by: z.enum(['unanimous', 'majority', 'adjudication', 'open', 'none']),
  readings: z.int(),
  random: z.boolean()
})
export type FilmConsensus = z.infer<typeof filmConsensus>

const byReader = { reader: readerName.nullable().default(null) }

/** `reader` is whoever reads; null: the name in the settings. */
export const protocols = {
  /** Newest first. */
  list: procedure.output(z.array(protocolInfo)),
  get: procedure.input(z.object({ protocol: protocolName })).output(protocolState),
  /** Takes the first films of a queue, mixes random ones in and freezes the list. For a curator or admin. */
  make: procedure
    .input(
      protocolSettings.extend({
        /** null: protocol-1, protocol-2 ... */
        name: protocolName.nullable(),
        films: z.int().min(1).max(100_000),
        seed: z.int().min(0).max(0xffffffff).default(1)
      })
    )
    .output(protocolInfo),
  /** No film is given out any more; what was read stays. */
  close: procedure.input(z.object({ protocol: protocolName })).output(protocolInfo),
  /** The next film, or the one that the reader already has in hand; null where none is left. */
  next: procedure
    .input(
      z.object({
        protocol: protocolName,
        kind: z.enum(['reading', 'adjudication']).default('reading'),
        ...byReader
      })
    )
    .output(readingTask.nullable()),
  /** Saves the reading; of a film read already, a correction. Films pass to others after `claimHours`: CONFLICT then. */
  commit: procedure
    .input(z.object({ taskId: filmId, answer: readingAnswer, ...byReader }))
    .output(z.object({ seq: z.int(), reveal: z.boolean(), reasons: z.array(queueReason) })),
  /** Gives a film back unread. */
  release: procedure.input(z.object({ taskId: filmId, ...byReader })).output(z.null()),
  /**
   * What is hidden from whoever signs, by protocols in which films are still theirs to read. The core leaves it out of every answer;
   * what cannot be given without it is refused with BLINDED.
   */
  blinding: procedure.output(readerBlinding),
  /**
   * Shows a curator or admin everything of a protocol that blinds them, from now on. The history keeps who looked, when, why and at
   * what; readings made after it count as made knowing. There is no way back.
   */
  unblind: procedure
    .input(z.object({ protocol: protocolName, reason: z.string().trim().min(1).max(400) }))
    .output(readerBlinding),
  /** What the readings of each film come to; derived, never stored. */
  consensus: procedure.input(z.object({ protocol: protocolName })).output(z.array(filmConsensus)),
  /** Makes the consensus of every film that has one its label, as revisions. For a curator or admin. */
  takeConsensus: procedure
    .input(z.object({ protocol: protocolName, reason: z.string().max(400) }))
    .output(z.object({ applied: z.int(), unchanged: z.int() }))
}
