import type { ChannelMaps, Diagnosis, GateChannel, GateMaps, GateReport } from '../../../contract'
import { DIAGNOSES } from '../../domain'
import { NeoGateError } from '../../foundation'
import { channelEffects, inspectGate, weightedMap } from '../../ml/explain'
import type { FilmRow } from '../../study-store'
import type { CoreContext } from '../core-context'
import type { OpenModel } from '../inference'
import { gateInput } from '../predictions'
import type { CallContext } from '../services'
import { cohortGates, peerGates } from './cohort-gates'
import type { DrawnFilm, FilmFeatureSource } from './film-features'
import type { FilmHead } from './film-head'

/** Channels listed of each kind. */
const LISTED = 8

const rounded = (values: ArrayLike<number>) => Array.from(values, value => Number(value.toPrecision(5)))

/** The class's map under the film's own gate, with every channel open, and under the cohort's mean gate. */
export async function gateMapsOf(
  core: CoreContext,
  source: FilmFeatureSource,
  { model, row, diagnosis }: { model: OpenModel; row: FilmRow; diagnosis: Diagnosis },
  context: CallContext
): Promise<GateMaps> {
  const film = await source.featuresOf(model, row, context)
  const { rows, columns, extent } = film
  const maps = { modelId: model.id, rows, columns, extent }
  const factors = await factorsOf(source, model, film, diagnosis)
  const own = rounded(mapOf(film, factors.own))
  if (!hasGate(model, row)) return { ...maps, own, open: null, mean: null, infants: 0 }
  const { mean, infants } = await cohortGates(core.project(), model, model.head!)
  return {
    ...maps,
    own,
    open: rounded(mapOf(film, factors.weight)),
    mean: rounded(
      mapOf(
        film,
        factors.weight.map((w, c) => w * mean[c]!)
      )
    ),
    infants
  }
}

/** Under the film's own gate, unrounded. */
export async function ownMap(
  source: FilmFeatureSource,
  model: OpenModel,
  film: DrawnFilm,
  diagnosis: Diagnosis
): Promise<Float32Array> {
  return mapOf(film, (await factorsOf(source, model, film, diagnosis)).own)
}

const mapOf = ({ features }: DrawnFilm, factors: Float32Array) => weightedMap(features, factors)

async function factorsOf(
  source: FilmFeatureSource,
  model: OpenModel,
  { features, rows, columns, scale }: DrawnFilm,
  diagnosis: Diagnosis
) {
  const channels = features.length / (rows * columns)
  const weight = await source.classifierOf(model, DIAGNOSES.indexOf(diagnosis), channels)
  return { weight, own: scale ? weight.map((w, c) => w * scale[c]!) : weight }
}

export async function channelMapsOf(
  source: FilmFeatureSource,
  { model, row, channels }: { model: OpenModel; row: FilmRow; channels: readonly number[] },
  context: CallContext
): Promise<ChannelMaps> {
  const { features, rows, columns, extent } = await source.featuresOf(model, row, context)
  const cells = rows * columns
  const beyond = channels.find(channel => channel * cells >= features.length)
  if (beyond !== undefined) {
    throw new NeoGateError('INVALID_INPUT', `The model has no channel ${beyond}.`, {
      field: 'channels',
      remedy: `Name channels from 0 to ${features.length / cells - 1}.`
    })
  }
  return {
    modelId: model.id,
    rows,
    columns,
    extent,
    maps: channels.map(channel => ({
      channel,
      values: rounded(features.subarray(channel * cells, (channel + 1) * cells))
    }))
  }
}

/** @throws NeoGateError INVALID_INPUT with reason 'no-gate' */
export async function gateReportOf(
  core: CoreContext,
  source: FilmFeatureSource,
  film: FilmHead | null,
  model: OpenModel,
  diagnosis: Diagnosis
): Promise<GateReport> {
  if (!film || !hasGate(model, film.row)) throw noGate(model)
  const { head, pooled, row } = film
  const session = core.project()
  const given = gateInput(model, row)
  const gate = head.gate(given.gaDays, given.bwGrams)!
  const k = DIAGNOSES.indexOf(diagnosis)
  const weight = await source.classifierOf(model, k, pooled.length)
  const { mean, infants } = await cohortGates(session, model, head)
  const peers = await peerGates(session, head, { patientId: row.patientId, gaDays: given.gaDays })
  const band = peers.gates.length > 0 ? inspectGate(gate, peers.gates) : null
  const effects = channelEffects(weight, gate, mean, pooled)
  const channelAt = ({ channel, contribution, effect }: (typeof effects)[number]): GateChannel => ({
    channel,
    gate: gate[channel]!,
    reference: mean[channel]!,
    low: band && band.low[channel]!,
    median: band && band.median[channel]!,
    high: band && band.high[channel]!,
    rank: band && band.rank[channel]!,
    contribution,
    effect
  })
  const strongest = (size: (effect: (typeof effects)[number]) => number) =>
    [...effects]
      .filter(effect => size(effect) > 0)
      .sort((a, b) => size(b) - size(a))
      .slice(0, LISTED)
      .map(channelAt)
  const moved = ({ channel }: (typeof effects)[number]) => gate[channel]! - mean[channel]!
  const total = (pick: (effect: (typeof effects)[number]) => number) =>
    effects.reduce((sum, effect) => sum + pick(effect), 0)
  return {
    modelId: model.id,
    diagnosis,
    ...given,
    channels: gate.length,
    infants,
    peers: { infants: peers.gates.length, withinDays: peers.withinDays },
    values: rounded(gate),
    low: rounded(band?.low ?? []),
    median: rounded(band?.median ?? []),
    high: rounded(band?.high ?? []),
    outside: band?.outside ?? 0,
    logit: head.logits(pooled, given.gaDays, given.bwGrams)[k]!,
    contribution: total(({ contribution }) => contribution),
    effect: total(({ effect }) => effect),
    amplified: strongest(moved),
    suppressed: strongest(effect => -moved(effect)),
    towards: strongest(({ effect }) => effect),
    against: strongest(({ effect }) => -effect)
  }
}

export function hasGate(model: OpenModel, row: FilmRow): boolean {
  const { gaDays, bwGrams } = gateInput(model, row)
  return model.head !== null && model.head.channels > 0 && model.head.gate(gaDays, bwGrams) !== null
}

function noGate({ card }: OpenModel): NeoGateError {
  return new NeoGateError('INVALID_INPUT', `${card.method} has no gate on its channels.`, {
    field: 'modelId',
    reason: 'no-gate',
    remedy: 'Choose a version of a gated method, such as ccgn.'
  })
}
