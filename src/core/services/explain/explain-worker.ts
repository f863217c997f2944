import { greyToImage, IMAGENET_DEVIATION, type ChildHandlers } from '../../foundation'
import { featureGraph, imageGradientGraph } from '../../ml/explain'
import { bindParameters, float32, toOnnx } from '../../ml/graph'
import type { ContextScale } from '../../ml/models'
import { createSession, type Session } from '../../ml/runtime'
import { wholeModel } from '../whole-model'
import type { FeatureRequest, FilmFeatures, GradientRequest } from './explain-client'
import { searchNearest } from './search-nearest'

const GRAPHS = { features: featureGraph, gradient: imageGradientGraph }

interface Kept {
  session: Session
  scale: ContextScale
}

/** The session used last of each kind: what is explained is one film of one model after another. */
const kept = new Map<string, Kept & { key: string }>()

/**
 * Part of the child of role 'model'. On the CPU throughout: one film costs a fraction of a second there, and what a network is
 * explained by should not depend on the card in the machine.
 */
export const explainWorkerHandlers = {
  async features(request: FeatureRequest): Promise<FilmFeatures> {
    const { session, scale } = await sessionFor(request, 'features')
    const outputs = await session.run(feedsOf(request, scale))
    const [, , rows, columns] = outputs.features!.shape as [number, number, number, number]
    return {
      features: outputs.features!.data as Float32Array,
      rows,
      columns,
      scale: (outputs.scale?.data as Float32Array | undefined) ?? null
    }
  },

  async imageGradient(request: GradientRequest): Promise<Float32Array> {
    const { session, scale } = await sessionFor(request, 'gradient')
    const outputs = await session.run({
      ...feedsOf(request, scale),
      chosen: float32(
        [1, 6],
        Array.from({ length: 6 }, (_, k) => (k === request.chosen ? 1 : 0))
      )
    })
    const gradient = outputs.gradient!.data as Float32Array
    const area = request.plane.length
    // The plane feeds all three channels, each divided by its own deviation.
    return Float32Array.from({ length: area }, (_, i) =>
      IMAGENET_DEVIATION.reduce((sum, sd, channel) => sum + gradient[channel * area + i]! / sd, 0)
    )
  },

  nearest: searchNearest
} satisfies ChildHandlers

function feedsOf({ plane, gaDays, bwGrams }: FeatureRequest, scale: ContextScale) {
  const size = Math.sqrt(plane.length)
  const image = new Float32Array(3 * plane.length)
  greyToImage(plane, image)
  return {
    image: float32([1, 3, size, size], image),
    context: float32(
      [1, 2],
      [(gaDays - scale.gaMeanDays) / scale.gaSdDays, (bwGrams - scale.bwMeanGrams) / scale.bwSdGrams]
    )
  }
}

async function sessionFor({ folder, hash }: FeatureRequest, kind: keyof typeof GRAPHS): Promise<Kept> {
  const known = kept.get(kind)
  if (known?.key === hash) return known
  const { card, definition, tensors } = await wholeModel(folder, hash)
  const graph = bindParameters(GRAPHS[kind](definition, card.size), tensors)
  const session = await createSession(toOnnx(graph), 'cpu', { backward: true })
  const made = { key: hash, session, scale: card.context }
  kept.set(kind, made)
  await known?.session.close()
  return made
}
