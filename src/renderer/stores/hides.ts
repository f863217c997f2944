import type { BlindTo } from '../../contract'

/** What a reader must not be told of a film, see contract/blinding. */
export type Hides = Record<BlindTo, boolean>

export const NOTHING: Hides = { model: false, others: false, own: false, context: false }

export const joinHides = (a: Hides, b: Hides): Hides => ({
  model: a.model || b.model,
  others: a.others || b.others,
  own: a.own || b.own,
  context: a.context || b.context
})
