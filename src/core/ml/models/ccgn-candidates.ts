import { reshape, type GraphBuilder, type Value } from '../graph'
import { contextModulation, doubledGate, linear } from '../layers'
import { GATE_HIDDEN } from './ccgn'
import { CLASSES, type Classification, type ModelInputs } from './model'
import { resnetMethod } from './resnet'

/** Candidates of our own beyond the paper. Parameters: torchvision's `resnet50`, and `gate.*` or `film.*`. */

const gateOptions = (channels: number) => ({ hidden: GATE_HIDDEN, channels })

function doublyGatedClassifier(name: string) {
  return (g: GraphBuilder, pooled: Value, context: Value): Classification => {
    const gate = doubledGate(g, context, name, gateOptions(pooled.shape[1]!))
    return { logits: linear(g, g.node('Mul', [pooled, gate], {}, 'gated'), 'fc', CLASSES), scale: gate }
  }
}

/** CCGN with A = 2 sigmoid(...), which starts at 1 and can strengthen a channel as well as weaken it. */
export const [ccgn2Sigmoid, ccgn2SigmoidSmall] = resnetMethod({
  id: 'ccgn-2sigmoid',
  origin: 'own',
  summary: 'CCGN with a gate between 0 and 2 that starts at 1',
  context: 'pooled',
  ownParts: ['gate.'],
  classify: doublyGatedClassifier('gate')
})

/** The map of a stage, each channel times its gate. */
function gatedStage(g: GraphBuilder, map: Value, name: string, { context }: ModelInputs): Value {
  const [films, channels] = map.shape as [number, number]
  const gate = doubledGate(g, context, `gate.${name}`, gateOptions(channels))
  return g.node('Mul', [map, reshape(g, gate, [films, channels, 1, 1])], {}, `gated.${name}`)
}

/** The same gate on C3, C4 and C5. */
export const [ccgnMultistage, ccgnMultistageSmall] = resnetMethod({
  id: 'ccgn-multistage',
  origin: 'own',
  summary: 'CCGN with gates between 0 and 2 on C3, C4 and C5',
  context: 'backbone',
  ownParts: ['gate.'],
  variations: {
    afterStage: (g, map, name, inputs) => (name === 'c2' ? map : gatedStage(g, map, name, inputs))
  },
  classify: doublyGatedClassifier('gate.c5')
})

function modulatedClassifier(g: GraphBuilder, pooled: Value, context: Value): Classification {
  const { factor, offset } = contextModulation(g, context, 'film', gateOptions(pooled.shape[1]!))
  const modulated = g.node('Add', [g.node('Mul', [pooled, factor]), offset], {}, 'modulated')
  return { logits: linear(g, modulated, 'fc', CLASSES), scale: factor }
}

/** Scale and shift of each pooled channel by GA and BW (FiLM). */
export const [ccgnFilm, ccgnFilmSmall] = resnetMethod({
  id: 'ccgn-film',
  origin: 'own',
  summary: 'ResNet50 with pooled features scaled and shifted by GA and BW',
  context: 'pooled',
  ownParts: ['film.'],
  classify: modulatedClassifier
})
