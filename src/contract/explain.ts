import { z } from 'zod'
import { procedure } from './base'
import { filmRow } from './films'
import { mapExtent } from './models'
import { bwGrams, diagnosis, filmId, gaDays, jobId, modelId, probabilities, timestamp } from './values'

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

/** What the network was given, absent values replaced by the model's cohort mean. */
const given = {
  gaDays: z.number(),
  bwGrams: z.number(),
  imputed: z.array(z.enum(['gaDays', 'bwGrams']))
}

/** Which explanations a model allows, for one film. */
export const explained = z.object({
  modelId,
  method: z.string(),
  trained: z.boolean(),
  entry: contextEntry,
  /** False: GA and BW multiply no channels, so that there is no gate to inspect. */
  gate: z.boolean(),
  /** False: a control, which sees GA and BW only. */
  image: z.boolean(),
  probabilities,
  predicted: diagnosis,
  ...given
})
export type Explained = z.infer<typeof explained>

const mapValues = z.array(z.number())
/** A grid laid over the film; `extent` is the rectangle that it covers, in film pixels, and may reach outside it. */
const grid = { rows: z.int(), columns: z.int(), extent: mapExtent }

/** Class activation under several gates, row-major and in one unit; the mean of each is its share of the logit. */
export const gateMaps = z.object({
  modelId,
  ...grid,
  /** With the film's own gate; the only map where the method has none. */
  own: mapValues,
  /** As if every channel counted as it is, A = 1. */
  open: mapValues.nullable(),
  /** With the mean gate of the project's infants. */
  mean: mapValues.nullable(),
  /** Infants that the mean is over; 0: none has GA and BW, the gate is that of the model's cohort mean. */
  infants: z.int()
})
export type GateMaps = z.infer<typeof gateMaps>

/** F_c of single channels, not negative where the network ends in a rectifier. */
export const channelMaps = z.object({
  modelId,
  ...grid,
  maps: z.array(z.object({ channel: z.int(), values: mapValues }))
})
export type ChannelMaps = z.infer<typeof channelMaps>

export const gateChannel = z.object({
  channel: z.int(),
  gate: z.number(),
  /** Mean gate of the project's infants. */
  reference: z.number(),
  /** 5th, 50th and 95th percentile of infants of the same GA; null where there are none. */
  low: z.number().nullable(),
  median: z.number().nullable(),
  high: z.number().nullable(),
  /** Share of infants of the same GA below this one, 0 to 1. */
  rank: z.number().nullable(),
  /** W_kc A_c g_c, what the channel adds to the class's logit. */
  contribution: z.number(),
  /** W_kc (A_c - reference_c) g_c, how much of it is due to this gate. */
  effect: z.number()
})
export type GateChannel = z.infer<typeof gateChannel>

export const gateReport = z.object({
  modelId,
  diagnosis,
  ...given,
  channels: z.int(),
  /** Infants that the reference is the mean over, see GateMaps. */
  infants: z.int(),
  /** Infants of the same GA, and how far theirs may differ. */
  peers: z.object({ infants: z.int(), withinDays: z.int() }),
  /** [channels] each. */
  values: z.array(z.number()),
  low: z.array(z.number()),
  median: z.array(z.number()),
  high: z.array(z.number()),
  /** Channels outside the band of the peers. */
  outside: z.int(),
  logit: z.number(),
  /** Sum of all channels' contributions and of their effects; the rest of the logit does not depend on the image. */
  contribution: z.number(),
  effect: z.number(),
  /** By gate minus reference, and by effect on the class's logit; the strongest first. */
  amplified: z.array(gateChannel),
  suppressed: z.array(gateChannel),
  towards: z.array(gateChannel),
  against: z.array(gateChannel)
})
export type GateReport = z.infer<typeof gateReport>

const flip = z.object({
  gaDays: z.number(),
  bwGrams: z.number(),
  predicted: diagnosis,
  /** In standard deviations of the model's cohort, sqrt(dGA^2 + dBW^2). */
  distance: z.number(),
  /** Birth weight for GA at the place that it leads to. */
  zScore: z.number().nullable()
})
export type Flip = z.infer<typeof flip>

/** Probabilities over GA and BW, through the head alone. */
export const contextSurface = z.object({
  modelId,
  ...given,
  /** Axes, ascending. */
  gaAxis: z.array(z.number()),
  bwAxis: z.array(z.number()),
  /** Six grids [bwAxis, gaAxis], in class order. */
  probabilities: z.array(z.array(z.number())),
  /** Class index at every point. */
  predictedAt: z.array(z.int()),
  /** Birth weight z-score at every point. */
  zScores: z.array(z.number().nullable()),
  /** |z| from which GA and BW are doubted, and from which they are kept out of training. */
  limits: z.object({ warn: z.number(), blocked: z.number() }),
  predicted: diagnosis,
  /** The smallest changes that change the answer: of both together, anywhere or within the plausible; of one alone. */
  flips: z.object({
    any: flip.nullable(),
    plausible: flip.nullable(),
    gaDays: flip.nullable(),
    bwGrams: flip.nullable()
  })
})
export type ContextSurface = z.infer<typeof contextSurface>

export const nearestBy = z.enum(['gated', 'pooled'])
export type NearestBy = z.infer<typeof nearestBy>

/** While films are still gathered the call answers 'gathering'; asked again it goes on. */
export const nearestFilms = z.discriminatedUnion('state', [
  z.object({ state: z.literal('gathering'), done: z.int(), total: z.int() }),
  z.object({
    state: z.literal('found'),
    modelId,
    by: nearestBy,
    /** Films searched, and films that have no features of this model yet. */
    searched: z.int(),
    without: z.int(),
    neighbours: z.array(z.object({ film: filmRow, distance: z.number() }))
  })
])
export type NearestFilms = z.infer<typeof nearestFilms>

/** Several heads fitted on the features of one model's films. */
export const ensemble = z.object({
  modelId,
  members: z.int(),
  fittedAt: timestamp,
  fitted: z.object({ films: z.int(), infants: z.int() }),
  calibrated: z.object({ films: z.int(), infants: z.int() }),
  /** Where the two come from: sides of a split, or a division of its own. */
  split: z.string().nullable(),
  /** Labels, GA or BW have changed since. */
  stale: z.boolean()
})
export type Ensemble = z.infer<typeof ensemble>

export const uncertainty = z.object({
  ensemble,
  /** What the film was to the ensemble: its sets cover as stated only for films of new infants. */
  role: z.enum(['fitted', 'calibrated', 'new']),
  /** Class order. */
  mean: probabilities,
  deviation: z.array(z.number()).length(6),
  members: z.array(probabilities),
  /** Nats. */
  entropy: z.number(),
  expectedEntropy: z.number(),
  mutualInformation: z.number(),
  /** Most probable class first; null where too few infants were at hand for this coverage. */
  sets: z.array(z.object({ coverage: z.number(), classes: z.array(diagnosis).nullable() }))
})
export type Uncertainty = z.infer<typeof uncertainty>

export const saliency = z.object({
  modelId,
  ...grid,
  /** Mean |d logit / d pixel| of each cell. */
  gradient: mapValues,
  /** The class activation map with the film's own gate. */
  activation: mapValues,
  /** Spearman's rank correlation of the gradient with |activation|. */
  correlation: z.number().nullable()
})
export type Saliency = z.infer<typeof saliency>

/** A grey patch laid over one place after another. Each call does one row more until all are done. */
export const occlusion = z.object({
  modelId,
  ...grid,
  /** Rows done. */
  done: z.int(),
  /** What the class's logit loses when the place is covered; of the rows done. */
  values: mapValues,
  /** Spearman's rank correlation with the activation map over the same places; null until all are done. */
  correlation: z.number().nullable()
})
export type Occlusion = z.infer<typeof occlusion>

const film = { filmId, modelId: modelId.nullable() }

export const explain = {
  /** What the model would say of a film had the infant been born at another GA or BW. Nothing is stored. */
  whatIf: procedure
    .input(z.object({ ...film, gaDays: gaDays.nullable(), bwGrams: bwGrams.nullable() }))
    .output(whatIf),
  describe: procedure.input(z.object(film)).output(explained),
  /** Refused with INVALID_INPUT and reason 'no-map' for a control. */
  maps: procedure.input(z.object({ ...film, diagnosis })).output(gateMaps),
  channelMaps: procedure
    .input(z.object({ ...film, channels: z.array(z.int().min(0)).min(1).max(24) }))
    .output(channelMaps),
  /** Refused with INVALID_INPUT and reason 'no-gate' where the method has none. */
  gate: procedure.input(z.object({ ...film, diagnosis })).output(gateReport),
  /** Refused with INVALID_INPUT and reason 'backbone' or 'no-context' where GA and BW do not enter behind the features. */
  surface: procedure.input(z.object(film)).output(contextSurface),
  nearest: procedure
    .input(
      z.object({
        ...film,
        by: nearestBy,
        count: z.int().min(1).max(48).default(12),
        /** Films of the same infant are left out. */
        otherInfants: z.boolean().default(true)
      })
    )
    .output(nearestFilms),
  /** The ensemble of a model; null where none is fitted. */
  ensemble: procedure
    .input(z.object({ modelId: modelId.nullable() }))
    .output(z.object({ ensemble: ensemble.nullable() })),
  /** Fits one, in place of an earlier one. */
  fitEnsemble: procedure
    .input(z.object({ modelId: modelId.nullable(), members: z.int().min(3).max(20).default(8) }))
    .output(z.object({ jobId })),
  /** Refused with CONFLICT and reason 'no-ensemble' until one is fitted. */
  uncertainty: procedure.input(z.object(film)).output(uncertainty),
  saliency: procedure.input(z.object({ ...film, diagnosis })).output(saliency),
  occlusion: procedure.input(z.object({ ...film, diagnosis })).output(occlusion)
}
