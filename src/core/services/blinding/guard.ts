import { NeoGateError } from '../../foundation'
import type { CoreContext } from '../core-context'
import { blindingOf, isBlinded, type Blinding } from './reader-blinding'
import type { Rule } from './rule'
import { BLINDING_RULES } from './rules'

/** Answers a call as its caller may be answered; every call of a host goes through it. */
export type Guard = (
  path: { area: string; name: string },
  input: unknown,
  answer: () => Promise<unknown>
) => Promise<unknown>

export function createGuard(core: Pick<CoreContext, 'project' | 'settings'>): Guard {
  return async ({ area, name }, input, answer) => {
    const rule = ruleOf(area, name)
    if (!rule.refuse && !rule.blind && !rule.blindEvent) return answer()
    if (rule.refuse) {
      const blinding = await blindingOf(core)
      const refused = isBlinded(blinding) && rule.refuse(input as never, blinding)
      if (refused) throw refused === 'waits' ? waitsForReading() : blinded(blinding)
    }
    const output = await answer()
    if (rule.blindEvent) return blindEvents(core, output as AsyncIterable<never>, rule)
    if (!rule.blind) return output
    // Only now: what came to be hidden meanwhile is hidden.
    const blinding = await blindingOf(core)
    return isBlinded(blinding) ? rule.blind(output as never, blinding, input as never) : output
  }
}

function ruleOf(area: string, name: string): Rule {
  return (BLINDING_RULES as unknown as Record<string, Record<string, Rule>>)[area]![name]!
}

async function* blindEvents(
  core: Pick<CoreContext, 'project' | 'settings'>,
  events: AsyncIterable<never>,
  { blindEvent }: Rule
): AsyncGenerator<unknown> {
  for await (const event of events) {
    const blinding = await blindingOf(core)
    yield isBlinded(blinding) ? blindEvent!(event, blinding) : event
  }
}

function waitsForReading(): NeoGateError {
  return new NeoGateError('BLINDED', 'This film waits for your blinded reading in a protocol.', {
    field: 'filmId',
    reason: 'waits',
    remedy: 'Read it there: an answer given past the protocol would not be blinded.'
  })
}

function blinded({ protocols }: Blinding): NeoGateError {
  const names = protocols.map(({ name, left }) => `'${name}' (${left} films left)`).join(', ')
  return new NeoGateError('BLINDED', `Hidden until your reading is over: ${names}.`, {
    reason: 'blinded',
    remedy: 'Read the films that are left. A curator or admin may look all the same, which the history keeps.'
  })
}
