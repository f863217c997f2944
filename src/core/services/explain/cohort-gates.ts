import { setImmediate as nextTurn } from 'node:timers/promises'
import { createRandom } from '../../foundation'
import { meanGate, type ContextHead } from '../../ml/explain'
import type { ProjectSession } from '../core-context'
import type { OpenModel } from '../inference'

/** Infants that stand for all where there are more: a mean over these is within a hundredth of the whole. */
const MOST_INFANTS = 512
/** Infants that a band of percentiles is drawn from. */
const MOST_PEERS = 400
/** A band of fewer says nothing: infants of a wider range of GA are taken. */
const FEWEST_PEERS = 20
const REACHES_DAYS = [3, 7, 14]
/** Of fewer none is drawn at all. */
const LEAST_PEERS = 5
const GATES_AT_ONCE = 16

export interface CohortGates {
  /** Mean over `infants` infants of the project; at the model's own means where there are none. */
  mean: Float32Array
  infants: number
}

interface Infant {
  id: string
  gaDays: number
  bwGrams: number
}

/** Infants with GA and BW, in no order that says anything. */
async function infantsOf({ database }: ProjectSession): Promise<Infant[]> {
  const rows = await database.kysely
    .selectFrom('patient')
    .select(['id', 'ga_days', 'bw_grams'])
    .where('ga_days', 'is not', null)
    .where('bw_grams', 'is not', null)
    .orderBy('id')
    .execute()
  return rows.map(({ id, ga_days, bw_grams }) => ({ id, gaDays: ga_days!, bwGrams: bw_grams! }))
}

export async function cohortGates(
  session: ProjectSession,
  model: OpenModel,
  head: ContextHead
): Promise<CohortGates> {
  const infants = draw(await infantsOf(session), MOST_INFANTS)
  if (infants.length === 0) {
    const { gaMeanDays, bwMeanGrams } = model.card.context
    return { mean: head.gate(gaMeanDays, bwMeanGrams)!, infants: 0 }
  }
  return { mean: meanGate(await gatesOf(head, infants)), infants: infants.length }
}

/** Gates of other infants born at nearly the same GA; none where there are too few to compare with. */
export async function peerGates(
  session: ProjectSession,
  head: ContextHead,
  own: { patientId: string; gaDays: number }
): Promise<{ gates: Float32Array[]; withinDays: number }> {
  const others = (await infantsOf(session)).filter(({ id }) => id !== own.patientId)
  let withinDays = 0
  let peers: Infant[] = []
  for (withinDays of REACHES_DAYS) {
    peers = others.filter(({ gaDays }) => Math.abs(gaDays - own.gaDays) <= withinDays)
    if (peers.length >= FEWEST_PEERS) break
  }
  if (peers.length < LEAST_PEERS) return { gates: [], withinDays }
  return { gates: await gatesOf(head, draw(peers, MOST_PEERS)), withinDays }
}

function draw(infants: Infant[], most: number): Infant[] {
  return infants.length <= most ? infants : createRandom(1, 'infants').shuffle(infants).slice(0, most)
}

async function gatesOf(head: ContextHead, infants: readonly Infant[]): Promise<Float32Array[]> {
  const gates: Float32Array[] = []
  for (const { gaDays, bwGrams } of infants) {
    gates.push(head.gate(gaDays, bwGrams)!)
    if (gates.length % GATES_AT_ONCE === 0) await nextTurn()
  }
  return gates
}
