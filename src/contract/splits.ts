import { z } from 'zod'
import { procedure } from './base'
import { diagnosis, filmId, jobId, timestamp } from './values'

export const splitSide = z.enum(['train', 'validation', 'test'])
export type SplitSide = z.infer<typeof splitSide>

export const splitId = filmId
/** A split's name or its id. */
export const splitName = z.string().trim().min(1).max(120)

/** Counts are of films, or of infants for linked-infants and linked-apart; see core/curation/make-split. */
export const splitWarning = z.object({
  code: z.enum([
    'class-without-films',
    'class-missing-on-side',
    'few-films',
    'linked-infants',
    'linked-apart',
    'films-dropped',
    'films-changed-side'
  ]),
  diagnosis: diagnosis.nullable(),
  side: splitSide.nullable(),
  count: z.int()
})
export type SplitWarning = z.infer<typeof splitWarning>

export const splitInfo = z.object({
  id: splitId,
  name: z.string(),
  createdAt: timestamp,
  reader: z.string(),
  /** The split that this one extends. */
  parentId: splitId.nullable(),
  seed: z.int(),
  /** Shares of train, validation and test; sum 1. */
  proportions: z.tuple([z.number(), z.number(), z.number()]),
  /** SHA-256 of the manifest. */
  hash: z.string(),
  report: z.object({
    candidates: z.int(),
    /** Films left out, each under one reason. */
    excluded: z.object({
      unlabelled: z.int(),
      'unknown-class': z.int(),
      unreadable: z.int(),
      'implausible-context': z.int()
    }),
    /** Films that are in, by what is recorded of GA and BW. */
    context: z.object({
      complete: z.int(),
      withoutGa: z.int(),
      withoutBw: z.int(),
      withoutBoth: z.int()
    }),
    warnings: z.array(splitWarning)
  })
})
export type SplitInfo = z.infer<typeof splitInfo>

const sideCounts = z.object({ train: z.int(), validation: z.int(), test: z.int() })
export const splitTable = z.object({
  /** Films of each class at each site. */
  rows: z.array(sideCounts.extend({ label: z.string(), site: z.string() })),
  films: sideCounts,
  infants: sideCounts
})
export type SplitTable = z.infer<typeof splitTable>

export const testAccess = z.object({
  at: timestamp,
  reader: z.string(),
  reason: z.string(),
  films: z.int()
})
export type TestAccess = z.infer<typeof testAccess>

export const splitCheck = z.object({
  split: splitInfo,
  /** Nothing leaks, and the manifest is the one that was made. */
  passed: z.boolean(),
  hash: z.object({ recorded: z.string(), computed: z.string(), intact: z.boolean() }),
  /** The first 100; films of one infant, or equal films, on several sides. */
  leaks: z.array(
    z.object({
      kind: z.enum(['infant', 'fingerprint', 'pixels']),
      sides: z.array(splitSide),
      filmIds: z.array(z.string())
    })
  ),
  leakCount: z.int(),
  /** What has changed in the project since the split was made, in films. */
  drift: z.object({
    relabelled: z.int(),
    unlabelled: z.int(),
    unreadable: z.int(),
    implausible: z.int(),
    moved: z.int(),
    added: z.int(),
    unassigned: z.int()
  }),
  /** Across sides: shared SOP Instance UIDs, and infants with the same time of birth, sex, GA and BW. */
  suspicions: z.object({ instanceUids: z.int(), infants: z.int() }),
  /** Films whose decoded pixels were compared. */
  pixels: z.object({ compared: z.int(), films: z.int() }),
  table: splitTable
})
export type SplitCheck = z.infer<typeof splitCheck>

export const splits = {
  /** Oldest first. */
  list: procedure.output(z.array(splitInfo)),
  get: procedure
    .input(z.object({ split: splitName }))
    .output(z.object({ split: splitInfo, table: splitTable, testAccesses: z.array(testAccess) })),
  /** Divides the films that can be used by infant. A split is never changed afterwards. */
  make: procedure
    .input(
      z.object({
        /** null: split-1, split-2 ... */
        name: splitName.nullable(),
        /** Fractions of 1 or percentages; null: those of the extended split, or the paper's. */
        proportions: z.array(z.number()).nullable(),
        seed: z.int().min(0).max(0xffffffff),
        /** A split whose infants keep their sides. */
        extend: splitName.nullable()
      })
    )
    .output(z.object({ split: splitInfo, table: splitTable })),
  /** Looks for leaks between the sides and for changes since the split was made. */
  check: procedure.input(z.object({ split: splitName })).output(splitCheck),
  /** Decodes every film that was not yet, so that equal pictures are found whatever file they are in. */
  comparePixels: procedure.output(z.object({ jobId }))
}
