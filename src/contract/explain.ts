import { z } from 'zod'
import { procedure } from './base'
import { bwGrams, diagnosis, filmId, gaDays, modelId, probabilities } from './values'

/**
 * Where GA and BW enter a network: 'pooled', behind the image features, so that another value is answered at once;
 * 'backbone', before them, so that the whole network runs again; 'none', nowhere.
 */
export const contextEntry = z.enum(['none', 'backbone', 'pooled'])
export type ContextEntry = z.infer<typeof contextEntry>

/** How the gate's values differ from those at the recorded GA and BW. */
export const gateChange = z.object({
  channels: z.int(),
  /** Differences in descending order, thinned to evenly spaced ranks, first and last among them. */
  sorted: z.array(z.number()),
  meanAbsolute: z.number(),
  /** Share of channels that differ by 0.01 or more; a gate value lies between 0 and 1. */
  moved: z.number()
})
export type GateChange = z.infer<typeof gateChange>

export const whatIf = z.object({
  modelId,
  entry: contextEntry,
  probabilities,
  predicted: diagnosis,
  /** What the network was given, absent values replaced by the model's cohort mean. */
  gaDays: z.number(),
  bwGrams: z.number(),
  imputed: z.array(z.enum(['gaDays', 'bwGrams'])),
  /** null where the method has no gate. */
  gate: gateChange.nullable()
})
export type WhatIf = z.infer<typeof whatIf>

const film = { filmId, modelId: modelId.nullable() }

export const explain = {
  /** What the model would say of a film had the infant been born at another GA or BW. Nothing is stored. */
  whatIf: procedure
    .input(z.object({ ...film, gaDays: gaDays.nullable(), bwGrams: bwGrams.nullable() }))
    .output(whatIf)
}
