import { open } from 'node:fs/promises'
import { fromSystemError, NeoGateError, type ChildHandlers } from '../../foundation'
import { createNearest, distanceGraph } from '../../ml/explain'
import { bindParameters, float32, toOnnx } from '../../ml/graph'
import { modelDefinition } from '../../ml/models'
import { createSession } from '../../ml/runtime'
import { parametersOf } from '../head-tensors'
import type { NearestOutcome, NearestRequest } from './explain-client'

/** Films of one pass: 4 MB of features with ResNet50. */
const AT_ONCE = 512

/**
 * Exact search: every film's distance is computed, from a file read front to back, so that memory holds one pass at a time however
 * many films there are. Runs in a child.
 */
export const searchNearest = async (
  request: NearestRequest,
  { signal }: Parameters<ChildHandlers[string]>[1]
): Promise<NearestOutcome> => {
  const { file, channels, contexts, skipped, query, gated, count, scale } = request
  const films = skipped.length
  const nearest = createNearest(count)
  const session = await openSession(request)
  const handle = await open(file).catch(error => {
    throw fromSystemError(error, file)
  })
  try {
    const pooled = new Float32Array(AT_ONCE * channels)
    const context = new Float32Array(AT_ONCE * 2)
    const bytes = new Uint8Array(pooled.buffer)
    for (let from = 0; from < films; from += AT_ONCE) {
      if (signal.aborted) throw new NeoGateError('CANCELLED', 'The search was cancelled.')
      const held = Math.min(AT_ONCE, films - from)
      await readFully(handle, bytes.subarray(0, held * channels * 4), from * channels * 4, file)
      for (let i = 0; i < held; i++) {
        context[2 * i] = (contexts[2 * (from + i)]! - scale.gaMeanDays) / scale.gaSdDays
        context[2 * i + 1] = (contexts[2 * (from + i) + 1]! - scale.bwMeanGrams) / scale.bwSdGrams
      }
      const { distances } = await session.run({
        pooled: float32([AT_ONCE, channels], pooled),
        query: float32([1, channels], query),
        ...(gated ? { context: float32([AT_ONCE, 2], context) } : {})
      })
      for (let i = 0; i < held; i++) {
        if (skipped[from + i] === 0) nearest.offer(from + i, distances!.data[i] as number)
      }
    }
  } finally {
    await handle.close()
    await session.close()
  }
  return nearest
    .result()
    .map(({ place, distance }) => ({ place, distance: Math.sqrt(Math.max(0, distance)) }))
}

async function openSession({ method, weightsFile, channels, gated }: NearestRequest) {
  const graph = distanceGraph(modelDefinition(method), { films: AT_ONCE, channels, gated })
  return createSession(toOnnx(bindParameters(graph, await parametersOf(graph, weightsFile))), 'cpu')
}

async function readFully(
  handle: Awaited<ReturnType<typeof open>>,
  into: Uint8Array,
  position: number,
  file: string
): Promise<void> {
  for (let got = 0; got < into.length;) {
    const { bytesRead } = await handle.read(into, got, into.length - got, position + got)
    if (bytesRead === 0) {
      throw new NeoGateError('FILE_REFUSED', `${file} is shorter than it should be.`, {
        file,
        reason: 'truncated',
        remedy: 'Delete it: it is made again.'
      })
    }
    got += bytesRead
  }
}
