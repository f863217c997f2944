import { createGraphBuilder, sum, type Graph, type Value } from '../graph'
import { buildFrom, type ModelDefinition } from '../models'

/**
 * Squared Euclidean distances of many films from one in the space of pooled features.
 * Inputs: `pooled` [N, C] = GAP(F) before any gate; `query` [1, C]; `context` [N, 2], GA and BW normalised, where `gated`.
 * Output: `distances` [N, 1].
 * @param gated each film's features times its own gate, so that films count as near that the gate makes alike
 */
export function distanceGraph(
  definition: ModelDefinition,
  { films, channels, gated }: { films: number; channels: number; gated: boolean }
): Graph {
  const g = createGraphBuilder(`${definition.id}-distance`)
  const pooled = g.input('pooled', 'float32', [films, channels])
  const query = g.input('query', 'float32', [1, channels])
  const own = gated ? gatedFeatures() : pooled
  const difference = g.node('Sub', [own, query])
  return g.build({ distances: sum(g, g.node('Mul', [difference, difference]), [1], true) })

  function gatedFeatures(): Value {
    const context = g.input('context', 'float32', [films, 2])
    const { scale } = buildFrom(definition, 'pooled', g, { input: pooled, context })
    return scale ? g.node('Mul', [pooled, scale]) : pooled
  }
}
