import type { Telling } from '../../../contract'
import { TELLS_ANY } from '../../../contract'
import type { Services } from '../services'
import { hidesOfFilm, tells, type Blinding } from './reader-blinding'

type Handler = (input: never, context: never) => Promise<unknown>
type Output<Procedure extends Handler> = Awaited<ReturnType<Procedure>>
type Event<Answer> = Answer extends AsyncIterable<infer One> ? One : never

/** What becomes of one procedure for a reader from whom something is hidden. */
export interface Rule<Procedure extends Handler = Handler> {
  /** Refused with BLINDED where the answer cannot be given without telling it; 'waits': where the film's own reading comes first. */
  refuse?(input: Parameters<Procedure>[0], blinding: Blinding): boolean | 'waits'
  /** The answer without what is hidden. */
  blind?(output: Output<Procedure>, blinding: Blinding, input: Parameters<Procedure>[0]): Output<Procedure>
  /** The same of each event of a stream. */
  blindEvent?(event: Event<Output<Procedure>>, blinding: Blinding): Event<Output<Procedure>>
  /** The service itself leaves out what is hidden: what it counts, orders or adds up must be without it from the beginning. */
  inside?: true
}

export type BlindingRules = {
  [Area in keyof Services]: { [Name in keyof Services[Area]]: Rule<Extract<Services[Area][Name], Handler>> }
}

/** Tells nothing of a film, or only what the caller said. */
export const OPEN = {}
export const INSIDE = { inside: true } as const
export const EVERYWHERE = TELLS_ANY

/** Speaks of all films together: refused while one of these is hidden of any film. */
export const whole = (what: Telling) => ({
  refuse: (_: unknown, { anywhere }: Blinding) => tells(what, anywhere)
})

/** Speaks of one film: refused where one of these is hidden of it. */
export const ofFilm = (what: Telling) => ({
  refuse: ({ filmId }: { filmId: string }, blinding: Blinding) => tells(what, hidesOfFilm(blinding, filmId))
})
