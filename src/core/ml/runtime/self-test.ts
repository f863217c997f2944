import { performance } from 'node:perf_hooks'
import type { Tensor } from '../graph'
import type { Provider } from './providers'
import { createSession } from './session'

/** A network with what to feed it, and the output that is compared. */
export interface Probe {
  model: Uint8Array
  feeds: Readonly<Record<string, Tensor>>
  output: string
}

export interface SelfTestResult {
  passed: boolean
  /** Largest |difference| of the compared output from the CPU's; Infinity where it is no number. */
  maxError: number
  /** Runs of the speed probe per second, the first left out. */
  runsPerSecond: number
}

/** float32 convolutions in another order differ by some 1e-5 at logits near 1; half precision by 1e-2. */
const TOLERANCE = 1e-3

/** Time that measuring the speed may take, in ms; at least one run is made. */
const SPEED_BUDGET = 1500

/**
 * Compares a provider with the CPU on one network, then measures it on a larger one.
 * @throws NeoGateError PROVIDER_UNAVAILABLE when it cannot run them at all
 */
export async function selfTest(provider: Provider, accuracy: Probe, speed: Probe): Promise<SelfTestResult> {
  const expected = await runOnce('cpu', accuracy)
  const found = provider === 'cpu' ? expected : await runOnce(provider, accuracy)
  const maxError = largestDifference(expected, found)
  if (!(maxError <= TOLERANCE)) return { passed: false, maxError, runsPerSecond: 0 }
  return { passed: true, maxError, runsPerSecond: await measure(provider, speed) }
}

async function runOnce(provider: Provider, probe: Probe): Promise<Tensor> {
  const session = await createSession(probe.model, provider)
  try {
    return (await session.run(probe.feeds))[probe.output]!
  } finally {
    await session.close()
  }
}

function largestDifference(expected: Tensor, found: Tensor): number {
  if (expected.data.length !== found.data.length) return Infinity
  let largest = 0
  for (let i = 0; i < expected.data.length; i++) {
    const difference = Math.abs(Number(expected.data[i]) - Number(found.data[i]))
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference
  }
  return largest
}

async function measure(provider: Provider, { model, feeds }: Probe): Promise<number> {
  const session = await createSession(model, provider)
  try {
    await session.run(feeds)
    const start = performance.now()
    let runs = 0
    do {
      await session.run(feeds)
      runs++
    } while (performance.now() - start < SPEED_BUDGET)
    return (1000 * runs) / (performance.now() - start)
  } finally {
    await session.close()
  }
}
